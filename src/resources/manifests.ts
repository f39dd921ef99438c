import type { ImageRef } from '../image/image.ts';
import type { Service } from '../spec/service.ts';
import { renderAutoscaler } from './autoscaler.ts';
import { renderDeployment } from './deployment.ts';
import { renderIngresses } from './ingress.ts';
import { ownedLabels, selectorLabels } from './labels.ts';
import type { Manifest } from './manifest.ts';
import { renderSecret, type SecretPlan } from './secret.ts';
import { renderService } from './service.ts';

/** What rendering needs to know besides the spec. */
export interface Facts {
  readonly namespace: string;
  readonly image: ImageRef;
  readonly secrets: SecretPlan;
  /** See `secretsVersion`. */
  readonly secretsVersion: string | undefined;
  /** Seconds the rollout may take without progress. */
  readonly timeout: number;
}

function renderServiceAccount(service: Service, namespace: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: service.name, namespace, labels: ownedLabels(service.name, namespace) },
  };
}

/** Keeps a node drain or an upgrade of the cluster from taking all pods of a service at once. */
function renderDisruptionBudget(service: Service, namespace: string): Manifest | undefined {
  if (service.containers.min < 2) return undefined;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: service.name, namespace, labels: ownedLabels(service.name, namespace) },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorLabels(service.name) },
    },
  };
}

/** Every object of a service, in the order in which they are applied. The same spec and facts give the same bytes. */
export function renderManifests(service: Service, facts: Facts): Manifest[] {
  const { namespace } = facts;
  const deployment = renderDeployment(service, {
    namespace,
    image: facts.image,
    secretSources: facts.secrets.sources,
    secretsVersion: facts.secretsVersion,
    progressDeadline: facts.timeout,
  });
  return [
    renderServiceAccount(service, namespace),
    renderSecret(service, namespace, facts.secrets),
    renderService(service, namespace),
    deployment,
    renderAutoscaler(service, namespace),
    renderDisruptionBudget(service, namespace),
    ...renderIngresses(service, namespace),
  ].filter((manifest) => manifest !== undefined);
}
