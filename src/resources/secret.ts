import type { Service } from '../spec/service.ts';
import { ownedLabels } from './labels.ts';
import type { Manifest } from './manifest.ts';

/** Where Opta kept the secrets that were set by hand; read, never written. */
export const manualSecretsName = 'manual-secrets';

export function secretsName(service: Service): string {
  return `${service.name}-secrets`;
}

/** A Secret as it is in the cluster: keys and base64 values, and the version every change of it raises. */
export interface LiveSecret {
  readonly resourceVersion: string;
  /** Base64, as in the API. */
  readonly data: Readonly<Record<string, string>>;
}

/** What the cluster holds of a service's secrets before the deploy. */
export interface LiveSecrets {
  readonly own?: LiveSecret;
  readonly manual?: LiveSecret;
}

/** Where each secret of a service comes from. */
export interface SecretPlan {
  /** What `<name>-secrets` will hold, base64 by name; empty when there is no need of it. */
  readonly data: Readonly<Record<string, string>>;
  /** Environment variable → name of the Secret that holds it under the same key. */
  readonly sources: Readonly<Record<string, string>>;
  /** Listed in the spec, with no value anywhere. */
  readonly missing: readonly string[];
}

/**
 * Decides where each listed secret's value comes from: given to this run, else already in `<name>-secrets` (kept, so
 * that a redeploy needs no values), else in `manual-secrets`.
 */
export function planSecrets(service: Service, given: Readonly<Record<string, string>>, live: LiveSecrets): SecretPlan {
  const data: Record<string, string> = {};
  const sources: Record<string, string> = {};
  const missing: string[] = [];
  for (const name of [...service.secrets].sort()) {
    const value = given[name];
    const kept = live.own?.data[name];
    if (value !== undefined) data[name] = Buffer.from(value, 'utf8').toString('base64');
    else if (kept !== undefined) data[name] = kept;
    if (name in data) sources[name] = secretsName(service);
    else if (live.manual && name in live.manual.data) sources[name] = manualSecretsName;
    else missing.push(name);
  }
  return { data, sources, missing };
}

/** The Secret of a service's values; none when no value is ours to keep. */
export function renderSecret(service: Service, namespace: string, plan: SecretPlan): Manifest | undefined {
  if (Object.keys(plan.data).length === 0) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretsName(service), namespace, labels: ownedLabels(service.name, namespace) },
    type: 'Opaque',
    data: plan.data,
  };
}

/**
 * What a pod template says of the Secrets it reads, so that a changed value rolls the pods. It is made of resource
 * versions, never of values: a hash of a short secret can be guessed.
 */
export function secretsVersion(plan: SecretPlan, live: LiveSecrets): string | undefined {
  const names = new Set(Object.values(plan.sources));
  const versions = [
    Object.keys(plan.data).length > 0 ? live.own?.resourceVersion : undefined,
    names.has(manualSecretsName) ? live.manual?.resourceVersion : undefined,
  ].filter((version) => version !== undefined);
  return versions.length > 0 ? versions.join('.') : undefined;
}
