import { expect, test } from 'vitest';
import { kindOfPull } from '../../src/rollout/pull.ts';

// What other runtimes and registries than the bed's say, from their sources and from bug reports about them.
test.each<[string, string]>([
  [
    'missing',
    'rpc error: code = Unknown desc = reading manifest 7 in quay.io/a/web: manifest unknown: manifest unknown',
  ],
  ['missing', "name unknown: The repository with name 'a/web' does not exist in the registry with id '123456789012'"],
  ['missing', 'Error response from daemon: manifest for a/web:7 not found: manifest unknown: manifest unknown'],
  [
    'unauthorized',
    'failed to resolve reference "docker.io/a/web:7": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  ['unauthorized', 'unexpected status from HEAD request to https://r.example.com/v2/a/web/manifests/7: 403 Forbidden'],
  ['unauthorized', 'no basic auth credentials'],
  ['unauthorized', 'failed to fetch anonymous token: unexpected status: 401 Unauthorized'],
  ['transient', 'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating'],
  ['transient', 'unexpected status code [manifests 7]: 429 Too Many Requests'],
  ['transient', 'httpReadSeeker: failed open: unexpected status code https://r.example.com/x: 502 Bad Gateway'],
  ['transient', 'dial tcp: lookup r.example.com on 10.0.0.2:53: read udp: i/o timeout'],
  ['transient', 'net/http: TLS handshake timeout'],
  ['transient', 'failed to copy: httpReadSeeker: failed open: failed to do request: unexpected EOF'],
  ['transient', 'context deadline exceeded'],
  ['platform', 'no matching manifest for linux/arm64/v8 in the manifest list entries: not found'],
  [
    'platform',
    'choosing image instance: no image found in image index for architecture "arm64", variant "v8", OS "linux"',
  ],
  ['unknown', 'failed to extract layer sha256:abc: mount callback failed: no space left on device'],
  ['unknown', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
])('%s: %s', (kind, said) => {
  expect(kindOfPull(said, 'r.example.com/a/web:7')).toBe(kind);
});

test('the name of the image says nothing of the cause', () => {
  const image = 'r.example.com/denied/timeout-not-found:eof';
  const said = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
  expect(kindOfPull(`${said}: ${image}: not found`, image)).toBe('missing');
  expect(kindOfPull(said, image)).toBe('unknown');
  expect(
    kindOfPull(
      'Head "https://r.example.com/v2/denied/timeout-not-found/manifests/eof": 500 Internal Server Error',
      image,
    ),
  ).toBe('transient');
});
