import type { Service } from '../spec/service.ts';
import { isAutoscaled } from './deployment.ts';
import { ownedLabels } from './labels.ts';
import { kinds, type Manifest } from './manifest.ts';

function target(resource: 'cpu' | 'memory', averageUtilization: number): object {
  return { type: 'Resource', resource: { name: resource, target: { type: 'Utilization', averageUtilization } } };
}

/** The HorizontalPodAutoscaler of a service; none when the number of pods is fixed. */
export function renderAutoscaler(service: Service, namespace: string): Manifest | undefined {
  if (!isAutoscaled(service)) return undefined;
  return {
    apiVersion: kinds.HorizontalPodAutoscaler.apiVersion,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: service.name, namespace, labels: ownedLabels(service.name, namespace) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service.name },
      minReplicas: service.containers.min,
      maxReplicas: service.containers.max,
      metrics: [
        target('cpu', service.autoscaling.cpuPercentage),
        target('memory', service.autoscaling.memoryPercentage),
      ],
    },
  };
}
