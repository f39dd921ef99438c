import type { Manifest } from '../../src/resources/manifest.ts';
import { renderManifests } from '../../src/resources/manifests.ts';
import { planSecrets } from '../../src/resources/secret.ts';
import { parseSpec } from '../../src/spec/parse.ts';

// biome-ignore lint/suspicious/noExplicitAny: a scenario changes what the spec has no field for
export type Change = (pod: any, deployment: any) => void;

/** The objects of a spec as a deploy applies them, changed where a failure needs what no spec can say. */
export function objectsOf(namespace: string, text: string, change?: Change): Manifest[] {
  const parsed = parseSpec(text, { file: 'service.yaml', parent: {}, variables: {}, env: {} });
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics));
  const service = parsed.services[0]?.service;
  if (!service || service.image.auto) throw new Error('a service with an image of its own');
  const { reference } = service.image;
  const digest = /@(sha256:.*)$/.exec(reference)?.[1];
  const bare = reference.replace(/@.*$/, '');
  const [, repository = bare, tag] = /^(.*):([^/:]+)$/.exec(bare) ?? [];
  const secrets = planSecrets(service, Object.fromEntries(service.secrets.map((name) => [name, 'a secret value'])), {});
  const manifests = renderManifests(service, {
    namespace,
    image: { repository, ...(tag && { tag }), ...(digest && { digest }) },
    secrets,
    secretsVersion: undefined,
    timeout: 300,
  });
  const deployment = structuredClone(manifests.find(({ kind }) => kind === 'Deployment')) as Manifest & {
    spec: { template: { spec: object } };
  };
  change?.(deployment.spec.template.spec, deployment);
  return manifests.map((manifest) => (manifest.kind === 'Deployment' ? deployment : manifest));
}
