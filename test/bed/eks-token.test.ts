import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, describe, expect, it } from 'vitest';
import { checkToken } from './eks-token.ts';
import { aws, tokenGroup } from './layout.ts';
import { tokenWebhook } from './token-webhook.ts';

const now = new Date('2026-11-22T12:00:00Z');
const rules = { cluster: 'prod', keys: { [aws.accessKeyId]: aws.secretAccessKey }, now };

interface Signed {
  readonly cluster?: string;
  readonly host?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly expiresIn?: number;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly service?: string;
  readonly at?: Date;
}

/** Signed by AWS's own signer, as `aws eks get-token` does. */
async function presign(signed: Signed = {}): Promise<string> {
  const { cluster = 'prod', host = 'sts.us-east-1.amazonaws.com', service = 'sts' } = signed;
  const { accessKeyId, secretAccessKey } = { ...aws, ...signed };
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
  });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15', ...signed.query },
      headers: { host, ...(cluster === '' ? {} : { 'x-k8s-aws-id': cluster }), ...signed.headers },
    },
    { expiresIn: signed.expiresIn ?? 60, signingDate: signed.at ?? now },
  );
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `https://${host}/?${pairs.join('&')}`;
}

const encode = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);

describe('a token', () => {
  it.each<[string, Signed]>([
    ['as it should be', {}],
    ['of the global STS', { host: 'sts.amazonaws.com' }],
    ['that is 14 minutes old', { at: minutes(-14) }],
    ['of a clock that is 4 minutes fast', { at: minutes(4) }],
    ['of temporary credentials', { query: { 'X-Amz-Security-Token': 'a/b+c=' } }],
  ])('%s is good', async (_, signed) => {
    expect(checkToken(encode(await presign(signed)), rules)).toEqual({ accessKeyId: aws.accessKeyId });
  });

  it.each<[string, Signed, RegExp]>([
    ['for another cluster', { cluster: 'staging' }, /x-k8s-aws-id is not prod/],
    ['without a cluster', { cluster: '' }, /header x-k8s-aws-id is not signed/],
    ['signed with another secret', { secretAccessKey: 'guess' }, /signature is wrong/],
    ['of a key nobody knows', { accessKeyId: 'AKIAUNKNOWN000000000' }, /AKIAUNKNOWN000000000 is not known/],
    ['that is 16 minutes old', { at: minutes(-16) }, /has expired/],
    ['of a clock that is 6 minutes fast', { at: minutes(6) }, /in the future/],
    ['that wants to live for an hour', { expiresIn: 3600 }, /expiry of 3600 s/],
    ['for another action', { query: { Action: 'AssumeRole' } }, /action is AssumeRole/],
    ['with a parameter more', { query: { RoleArn: 'x' } }, /unexpected parameter RoleArn/],
    ['with a header more', { headers: { 'x-other': '1' } }, /headers other than/],
    ['for another host', { host: 'sts.us-east-1.amazonaws.com.example.org' }, /no STS host/],
    ['for another service', { service: 's3' }, /is not one for STS/],
  ])('%s is refused', async (_, signed, reason) => {
    expect(checkToken(encode(await presign(signed)), rules)).toEqual({ refused: expect.stringMatching(reason) });
  });

  it('is refused when anything of the URL was changed after signing', async () => {
    const url = await presign({ at: minutes(-20) });
    const renewed = url.replaceAll('20261122T114000Z', '20261122T120000Z');
    expect(renewed).not.toBe(url);
    expect(checkToken(encode(renewed), rules)).toEqual({ refused: expect.stringContaining('signature is wrong') });
    const plain = (await presign()).replace('https:', 'http:');
    expect(checkToken(encode(plain), rules)).toEqual({ refused: expect.stringContaining('not https:') });
  });

  it.each([
    ['', /does not start with/],
    ['k8s-aws-v1.', /not base64url/],
    ['k8s-aws-v1.aGk=', /not base64url/],
    ['k8s-aws-v1.aGk', /no URL/],
  ])('that is "%s" is refused', (token, reason) => {
    expect(checkToken(token, rules)).toEqual({ refused: expect.stringMatching(reason) });
  });
});

describe('the webhook', () => {
  let close = (): void => {};
  afterEach(() => close());

  async function review(token: string): Promise<unknown> {
    const server = tokenWebhook(() => now);
    close = () => server.close();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } });
    return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body })).json();
  }

  it('puts the holder of a good token into the group that may do everything', async () => {
    expect(await review(encode(await presign({ cluster: aws.cluster })))).toEqual({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      status: { authenticated: true, user: { username: `aws:${aws.accessKeyId}`, groups: [tokenGroup] } },
    });
  });

  it('says why a token is refused', async () => {
    expect(await review('k8s-aws-v1.aGk')).toMatchObject({
      status: { authenticated: false, error: 'the token holds no URL' },
    });
  });
});
