import { formatImageRef, type ImageRef } from '../image/image.ts';
import type { Service } from '../spec/service.ts';
import { annotationPrefix, labelValue, ownedLabels, selectorLabels } from './labels.ts';
import type { Manifest } from './manifest.ts';
import { renderProbes } from './probes.ts';

/** True when the number of pods is the autoscaler's to choose. */
export function isAutoscaled(service: Service): boolean {
  return service.containers.min !== service.containers.max;
}

export interface DeploymentFacts {
  readonly namespace: string;
  readonly image: ImageRef;
  /** Environment variable → Secret that holds it. */
  readonly secretSources: Readonly<Record<string, string>>;
  /** Changes whenever one of those Secrets does. */
  readonly secretsVersion: string | undefined;
  /** Seconds without progress after which Kubernetes calls the rollout failed. */
  readonly progressDeadline: number;
}

function renderEnv(service: Service, sources: Readonly<Record<string, string>>): object[] {
  return [
    ...service.envVars.map(({ name, value }) => ({ name, value })),
    ...service.secrets.map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: sources[name], key: name } },
    })),
  ];
}

function renderContainer(service: Service, facts: DeploymentFacts): object {
  const env = renderEnv(service, facts.secretSources);
  const ports = service.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' }));
  return {
    name: service.name,
    image: formatImageRef(facts.image),
    ...(env.length > 0 && { env }),
    ...(ports.length > 0 && {
      ports,
      // Endpoints and load balancers learn that a pod goes away a moment after the pod does: it answers until they know.
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    }),
    ...renderProbes(service),
    resources: service.resources,
    securityContext: { allowPrivilegeEscalation: false },
  };
}

/** The Deployment of a service. `replicas` is left to the autoscaler where there is one. */
export function renderDeployment(service: Service, facts: DeploymentFacts): Manifest {
  const version = labelValue(facts.image.tag ?? facts.image.digest ?? '');
  const labels = {
    ...ownedLabels(service.name, facts.namespace),
    ...(version && { 'app.kubernetes.io/version': version }),
  };
  const selector = { matchLabels: selectorLabels(service.name) };
  const spread = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: selector,
    // Pods of the version being replaced do not count, or the new ones would be spread around them.
    matchLabelKeys: ['pod-template-hash'],
  }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: service.name, namespace: facts.namespace, labels },
    spec: {
      ...(!isAutoscaled(service) && { replicas: service.containers.min }),
      progressDeadlineSeconds: facts.progressDeadline,
      selector,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      template: {
        metadata: {
          labels,
          ...(facts.secretsVersion !== undefined && {
            annotations: { [`${annotationPrefix}/secrets-version`]: facts.secretsVersion },
          }),
        },
        spec: {
          serviceAccountName: service.name,
          enableServiceLinks: false,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          topologySpreadConstraints: spread,
          containers: [renderContainer(service, facts)],
        },
      },
    },
  };
}
