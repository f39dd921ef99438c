import type { Service } from '../spec/service.ts';
import { ownedLabels, selectorLabels } from './labels.ts';
import type { Manifest } from './manifest.ts';

/** The Service of a service: how other pods of the cluster reach it. None without a port. */
export function renderService(service: Service, namespace: string): Manifest | undefined {
  if (service.ports.length === 0) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service.name, namespace, labels: ownedLabels(service.name, namespace) },
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(service.name),
      ports: service.ports.map(({ name, servicePort }) => ({
        name,
        port: servicePort,
        targetPort: name,
        protocol: 'TCP',
      })),
    },
  };
}
