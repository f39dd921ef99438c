import path from 'node:path';
import { kubeconfig } from './certificates.ts';
import { fakePods, loopback, ports, sources } from './layout.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';

/** kwok, which plays kubelet for the nodes that carry its annotation. */
export function kwokPart(kwok: string): Part {
  const address = `${loopback}:${ports.kwok}`;
  return {
    name: 'kwok',
    address: `http://${address}`,
    command: async () => [
      kwok,
      ...['--kubeconfig', kubeconfig, '--config', path.join(sources, 'kwok-stages.yaml')],
      ...['--manage-all-nodes=false', '--manage-nodes-with-annotation-selector', 'kwok.x-k8s.io/node=fake'],
      ...['--server-address', address, '--cidr', fakePods, '--node-ip', loopback],
      // Leases are how the controllers know that these nodes live; without them they would be renewed by status alone.
      ...['--node-lease-duration-seconds', '40'],
    ],
    isReady: () => answers(`http://${address}/healthz`),
  };
}
