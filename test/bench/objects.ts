/** The service of the comparison, and its objects as our own code renders them. */

import { parseImageRef } from '../../src/image/reference.ts';
import type { Manifest } from '../../src/resources/manifest.ts';
import { renderManifests } from '../../src/resources/manifests.ts';
import { planSecrets } from '../../src/resources/secret.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { goBinary } from '../bed/bed.ts';
import { imageOf, pushImage } from '../bed/images.ts';
import { registryLogin } from '../bed/layout.ts';
import type { Log } from '../bed/progress.ts';

export const name = 'hello';
export const secrets = { API_KEY: 'a-value-of-no-use-to-anybody' };
/** Seconds a rollout may take, for all three. */
export const timeout = 300;
const minimum = 2;

/** Seven objects: ServiceAccount, Secret, Service, Deployment, HorizontalPodAutoscaler, PodDisruptionBudget, Ingress. */
export const specOf = (image: string): string => `name: ${name}
image: ${image}
port:
  http: 8080
healthcheck_path: /healthz
min_containers: ${minimum}
max_containers: 4
env_vars:
  GREETING: Hello
  PORT: "8080"
secrets: [API_KEY]
public_uri: hello.example.test
resource_request:
  cpu: 200
  memory: 32
`;

/** Pushes the sample service without any docker; gives its reference by digest. */
export async function publishSample(log: Log): Promise<string> {
  await pushImage(name, await goBinary(new URL('../demo/hello', import.meta.url).pathname, log));
  const [registry = '', ...path] = imageOf(name).replace(/:1$/, '').split('/');
  const login = Buffer.from(`${registryLogin.user}:${registryLogin.password}`).toString('base64');
  const answer = await fetch(`http://${registry}/v2/${path.join('/')}/manifests/1`, {
    method: 'HEAD',
    headers: { authorization: `Basic ${login}`, accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const digest = answer.headers.get('docker-content-digest');
  if (!digest) throw new Error(`${registry} answers ${answer.status} for the image that was just pushed to it`);
  return `${[registry, ...path].join('/')}@${digest}`;
}

/**
 * The objects for kubectl and helm. Two things the action does in further requests have to be in them from the start:
 * the number of pods, without which they would be done with the first of two, and a version of the Secret.
 */
export function objectsOf(image: string, namespace: string): Manifest[] {
  const parsed = parseSpec(specOf(image), { file: 'service.yaml', parent: {}, env: {}, variables: {} });
  if ('diagnostics' in parsed) throw new Error(parsed.diagnostics.map(({ message }) => message).join('\n'));
  const [located] = parsed.services;
  if (!located) throw new Error('the spec holds no service');
  const manifests = renderManifests(located.service, {
    namespace,
    image: parseImageRef(image),
    secrets: planSecrets(located.service, secrets, {}),
    secretsVersion: '1',
    timeout,
  });
  return manifests.map((manifest) =>
    manifest.kind === 'Deployment'
      ? { ...manifest, spec: { ...(manifest.spec as object), replicas: minimum } }
      : manifest,
  );
}
