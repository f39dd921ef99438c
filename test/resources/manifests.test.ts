import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { renderManifests } from '../../src/resources/manifests.ts';
import { planSecrets, secretsVersion } from '../../src/resources/secret.ts';
import { parseSpec } from '../../src/spec/parse.ts';

const samples = path.join(import.meta.dirname, 'specs');
const image = {
  repository: '123456789012.dkr.ecr.us-east-1.amazonaws.com/prod/web',
  tag: '0123456789abcdef',
  digest: `sha256:${'a'.repeat(64)}`,
};
const live = { manual: { resourceVersion: '7', data: { OLD_KEY: 'b2xk' } } };

function render(file: string): string {
  const text = readFileSync(path.join(samples, file), 'utf8');
  const parsed = parseSpec(text, { file, parent: { domain: 'example.com' }, variables: {}, env: {} });
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics));
  const service = parsed.services[0]?.service;
  if (!service) throw new Error('no service');
  const secrets = planSecrets(service, { API_KEY: 'new value', UNLISTED: 'not asked for' }, live);
  const manifests = renderManifests(service, {
    namespace: 'prod',
    image,
    secrets,
    secretsVersion: secretsVersion(secrets, live),
    timeout: 300,
  });
  return manifests.map((manifest) => stringify(manifest, { aliasDuplicateObjects: false })).join('---\n');
}

// What each group of fields becomes is in the golden files, to be read beside the specs.
for (const file of readdirSync(samples)) {
  test(`${file} renders its golden file`, async () => {
    await expect(render(file)).toMatchFileSnapshot(path.join(import.meta.dirname, 'golden', file));
  });
}

test('the same spec gives the same bytes', () => {
  for (const file of readdirSync(samples)) expect(render(file)).toBe(render(file));
});
