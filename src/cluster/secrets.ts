import { maskSecret } from '../github/mask.ts';
import { collectionPath } from '../resources/manifest.ts';
import {
  type LiveSecret,
  type LiveSecrets,
  manualSecretsName,
  planSecrets,
  type SecretPlan,
  secretsName,
} from '../resources/secret.ts';
import type { Service } from '../spec/service.ts';
import { type Api, ApiError } from './api.ts';
import type { LiveObjects } from './apply.ts';
import { refusals } from './refusal.ts';

interface SecretObject {
  readonly metadata: { readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

function liveSecret({ metadata, data = {} }: SecretObject): LiveSecret {
  for (const value of Object.values(data)) maskSecret(Buffer.from(value, 'base64').toString('utf8'));
  return { resourceVersion: metadata.resourceVersion, data };
}

async function readSecret(api: Api, namespace: string, name: string): Promise<LiveSecret | undefined> {
  try {
    return liveSecret((await api.request<SecretObject>('GET', `${collectionPath('Secret', namespace)}/${name}`)).body);
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw refusals('Cannot see which secrets there are; nothing was changed.', [{ what: `Secret/${name}`, error }]);
  }
}

/** What the cluster holds of a service's secrets, and what follows from it. */
export interface FoundSecrets {
  readonly live: LiveSecrets;
  readonly plan: SecretPlan;
}

/**
 * Finds where each listed secret's value comes from. The cluster is asked only for what is still open: nothing for a
 * service that lists none, `manual-secrets` only when a value is neither given nor in the service's own Secret.
 *
 * @param owned the service's objects, as far as they carry its labels
 */
export async function findSecrets(
  api: Api,
  service: Service,
  namespace: string,
  given: Readonly<Record<string, string>>,
  owned: Promise<LiveObjects>,
): Promise<FoundSecrets> {
  if (service.secrets.length === 0) return { live: {}, plan: planSecrets(service, given, {}) };
  const labelled = (await owned).get(`Secret/${secretsName(service)}`) as unknown as SecretObject | undefined;
  const own = labelled ? liveSecret(labelled) : await readSecret(api, namespace, secretsName(service));
  const live = own ? { own } : {};
  const plan = planSecrets(service, given, live);
  if (plan.missing.length === 0) return { live, plan };
  const manual = await readSecret(api, namespace, manualSecretsName);
  const all = { ...live, ...(manual && { manual }) };
  return { live: all, plan: planSecrets(service, given, all) };
}
