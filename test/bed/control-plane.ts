/** etcd, the API server, the controllers and the scheduler. */
import { writeFile } from 'node:fs/promises';
import { kubeconfig, pki } from './certificates.ts';
import { inState, loopback, ports, services } from './layout.ts';
import type { Part } from './part.ts';
import { answers, askApiServer } from './probe.ts';

/** `servers` is the binary that holds them; `address` is where the API server listens. */
export function controlPlane(
  servers: string,
  address: string,
): Record<'etcd' | 'apiServer' | 'controllerManager' | 'scheduler', Part> {
  const etcdUrl = `http://${loopback}:${ports.etcd}`;
  const peersUrl = `http://${loopback}:${ports.etcdPeers}`;
  return {
    etcd: {
      name: 'etcd',
      address: etcdUrl,
      command: async () => [
        servers,
        'etcd',
        ...['--data-dir', inState('etcd'), '--log-level', 'warn', '--unsafe-no-fsync'],
        ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
        ...['--listen-peer-urls', peersUrl, '--initial-advertise-peer-urls', peersUrl],
        ...['--initial-cluster', `default=${peersUrl}`],
      ],
      isReady: () => answers(`${etcdUrl}/health`),
    },
    apiServer: {
      name: 'apiserver',
      address: `https://${address}:${ports.apiServer}`,
      command: async () => [
        servers,
        'kube-apiserver',
        ...['--etcd-servers', etcdUrl],
        ...['--bind-address', address, '--advertise-address', address, '--secure-port', `${ports.apiServer}`],
        ...[
          '--tls-cert-file',
          pki('api.crt'),
          '--tls-private-key-file',
          pki('api.key'),
          '--client-ca-file',
          pki('ca.crt'),
        ],
        ...['--service-account-key-file', pki('sa.pub'), '--service-account-signing-key-file', pki('sa.key')],
        ...['--service-account-issuer', 'https://kubernetes.default.svc'],
        ...['--service-cluster-ip-range', services.subnet],
        ...['--authorization-mode', 'RBAC', '--allow-privileged'],
        // Without this `logs` looks up the node's name, which no name server knows.
        ...['--kubelet-preferred-address-types', 'InternalIP'],
        ...['--authentication-token-webhook-config-file', await webhookConfig()],
        ...['--authentication-token-webhook-version', 'v1', '--authentication-token-webhook-cache-ttl', '10s'],
        // What an aggregated API server such as metrics-server checks its callers by.
        ...['--requestheader-client-ca-file', pki('ca.crt'), '--requestheader-allowed-names', 'front'],
        ...[
          '--requestheader-extra-headers-prefix',
          'X-Remote-Extra-',
          '--requestheader-group-headers',
          'X-Remote-Group',
        ],
        ...['--requestheader-username-headers', 'X-Remote-User'],
        ...['--proxy-client-cert-file', pki('front.crt'), '--proxy-client-key-file', pki('front.key')],
      ],
      isReady: async () => (await askApiServer('/readyz')).status === 200,
    },
    controllerManager: {
      name: 'controller-manager',
      address: `https://${loopback}:${ports.controllerManager}`,
      command: async () => [
        servers,
        'kube-controller-manager',
        ...['--kubeconfig', kubeconfig, '--leader-elect=false'],
        ...['--bind-address', loopback, '--secure-port', `${ports.controllerManager}`],
        ...['--service-account-private-key-file', pki('sa.key'), '--root-ca-file', pki('ca.crt')],
      ],
      isReady: () => answers(`https://${loopback}:${ports.controllerManager}/healthz`),
    },
    scheduler: {
      name: 'scheduler',
      address: `https://${loopback}:${ports.scheduler}`,
      command: async () => [
        servers,
        'kube-scheduler',
        ...['--kubeconfig', kubeconfig, '--leader-elect=false'],
        ...['--bind-address', loopback, '--secure-port', `${ports.scheduler}`],
      ],
      isReady: () => answers(`https://${loopback}:${ports.scheduler}/healthz`),
    },
  };
}

/** The API server is told of the token webhook by a file in the shape of a kubeconfig. */
async function webhookConfig(): Promise<string> {
  const file = inState('token-webhook.json');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'webhook', cluster: { server: `http://${loopback}:${ports.tokenWebhook}` } }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: '' } }],
    'current-context': 'webhook',
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}
