import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readPlainKubeconfig } from '../../src/cluster/kubeconfig.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function config(cluster: object, user: object, more: object = {}): string {
  return stringify({
    'current-context': 'a',
    contexts: [
      { name: 'a', context: { cluster: 'c', user: 'u', namespace: 'prod' } },
      { name: 'b', context: { cluster: 'c', user: 'other' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://api.example.com', ...cluster } }],
    users: [
      { name: 'u', user },
      { name: 'other', user: { token: 'other-token' } },
    ],
    ...more,
  });
}

test('certificates inline', () => {
  const user = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') };
  expect(readPlainKubeconfig(config({ 'certificate-authority-data': base64('CA') }, user), '/')).toEqual({
    server: 'https://api.example.com',
    tls: { ca: Buffer.from('CA'), cert: Buffer.from('CERT'), key: Buffer.from('KEY') },
    namespace: 'prod',
  });
});

test('files beside the kubeconfig, and a name to check the certificate by', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubeconfig-'));
  writeFileSync(path.join(folder, 'ca.pem'), 'CA');
  const text = config({ 'certificate-authority': 'ca.pem', 'tls-server-name': 'kube' }, { token: 'abc' });
  expect(readPlainKubeconfig(text, folder)).toMatchObject({
    tls: { ca: Buffer.from('CA'), servername: 'kube' },
    token: 'abc',
  });
});

test('another context than the current one', () => {
  expect(readPlainKubeconfig(config({}, {}), '/', 'b')).toMatchObject({ token: 'other-token' });
});

test.each<[string, string, string?]>([
  ['an exec plugin', config({}, { exec: { command: 'aws' } })],
  ['an auth provider', config({}, { 'auth-provider': { name: 'oidc' } })],
  ['a password', config({}, { username: 'a', password: 'b' })],
  ['impersonation', config({}, { token: 'a', as: 'b' })],
  ['a token that is read anew', config({}, { tokenFile: '/a' })],
  ['a proxy', config({ 'proxy-url': 'http://proxy' }, { token: 'a' })],
  ['no verification', config({ 'insecure-skip-tls-verify': true }, { token: 'a' })],
  ['plain HTTP', config({ server: 'http://api' }, { token: 'a' })],
  ['a file that is not there', config({ 'certificate-authority': '/not/there' }, { token: 'a' })],
  ['no such context', config({}, { token: 'a' }), 'c'],
  ['no such user', config({}, {}, { users: [] })],
  [
    'two clusters of one name',
    config({}, { token: 'a' }, { clusters: [1, 2].map((n) => ({ name: 'c', cluster: { server: `https://${n}` } })) }),
  ],
  ['no YAML', 'a: [b'],
  ['nothing', ''],
])('left to client-node: %s', (_, text, context) => {
  expect(readPlainKubeconfig(text, '/', context)).toBeUndefined();
});
