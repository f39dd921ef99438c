import { maskSecret } from '../github/mask.ts';
import { collectionPath } from '../resources/manifest.ts';
import { type LiveSecret, type LiveSecrets, manualSecretsName, secretsName } from '../resources/secret.ts';
import type { Service } from '../spec/service.ts';
import { type Api, ApiError } from './api.ts';
import { refusals } from './refusal.ts';

async function readSecret(api: Api, namespace: string, name: string): Promise<LiveSecret | undefined> {
  try {
    const path = `${collectionPath('Secret', namespace)}/${name}`;
    const { body } = await api.request<{ metadata: { resourceVersion: string }; data?: Record<string, string> }>(
      'GET',
      path,
    );
    const data = body.data ?? {};
    for (const value of Object.values(data)) maskSecret(Buffer.from(value, 'base64').toString('utf8'));
    return { resourceVersion: body.metadata.resourceVersion, data };
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw refusals('Cannot see which secrets there are; nothing was changed.', [{ what: `Secret/${name}`, error }]);
  }
}

/** Reads what the cluster holds of a service's secrets; nothing is asked for a service that lists none. */
export async function readSecrets(api: Api, service: Service, namespace: string): Promise<LiveSecrets> {
  if (service.secrets.length === 0) return {};
  const [own, manual] = await Promise.all([
    readSecret(api, namespace, secretsName(service)),
    readSecret(api, namespace, manualSecretsName),
  ]);
  return { ...(own && { own }), ...(manual && { manual }) };
}
