/** Objects that the bed puts into the cluster. */
import { fakeNodes, services, tokenGroup } from './layout.ts';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const rbac = 'rbac.authorization.k8s.io';
const system = 'kube-system';

const binding = (name: string, role: string, subject: Record<string, string>): KubernetesObject => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
  subjects: [subject],
});

/** Who holds an EKS token of the bed's cluster may do everything. */
export const tokenHolders = binding('bed:token-holders', 'cluster-admin', {
  apiGroup: rbac,
  kind: 'Group',
  name: tokenGroup,
});

/** Tainted, so that only pods which ask for them land there; labelled, so that pods can. */
export const fakeNodeObjects: KubernetesObject[] = fakeNodes.map((name) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    annotations: { 'kwok.x-k8s.io/node': 'fake' },
    labels: {
      type: 'kwok',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/zone': `fake-zone-${name.slice(-1)}`,
    },
  },
  spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
  status: {
    allocatable: { cpu: '64', memory: '256Gi', pods: '1000' },
    capacity: { cpu: '64', memory: '256Gi', pods: '1000' },
  },
}));

interface Addon {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly readinessProbe: Record<string, unknown>;
  readonly volume: Record<string, unknown>;
  readonly mountPath: string;
}

const labels = (name: string): Record<string, string> => ({ 'k8s-app': name });

function deployment({ name, image, args, readinessProbe, volume, mountPath }: Addon): KubernetesObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: system } },
    // A cluster of its own, on one machine: what each addon may read does not matter here.
    binding(`bed:${name}`, 'cluster-admin', { kind: 'ServiceAccount', name, namespace: system }),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: system },
      spec: {
        selector: { matchLabels: labels(name) },
        template: {
          metadata: { labels: labels(name) },
          spec: {
            serviceAccountName: name,
            dnsPolicy: 'Default',
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name,
                image,
                args,
                readinessProbe: { periodSeconds: 1, ...readinessProbe },
                volumeMounts: [{ name: 'files', mountPath }],
              },
            ],
            volumes: [{ name: 'files', ...volume }],
          },
        },
      },
    },
  ];
}

export function coredns(image: string): KubernetesObject[] {
  const Corefile = '.:53 {\n  errors\n  health\n  ready\n  kubernetes cluster.local in-addr.arpa\n  cache 5\n}\n';
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace: system }, data: { Corefile } },
    ...deployment({
      name: 'coredns',
      image,
      args: ['-conf', '/etc/coredns/Corefile'],
      readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
      volume: { configMap: { name: 'coredns' } },
      mountPath: '/etc/coredns',
    }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: system },
      spec: {
        clusterIP: services.dns,
        selector: labels('coredns'),
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
  ];
}

export function metricsServer(image: string): KubernetesObject[] {
  return [
    ...deployment({
      name: 'metrics-server',
      image,
      args: [
        '--secure-port=10250',
        '--kubelet-insecure-tls',
        '--kubelet-preferred-address-types=InternalIP',
        '--metric-resolution=12s',
        '--cert-dir=/certs',
      ],
      readinessProbe: { httpGet: { path: '/readyz', port: 10250, scheme: 'HTTPS' } },
      volume: { emptyDir: {} },
      mountPath: '/certs',
    }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'metrics-server', namespace: system },
      spec: { selector: labels('metrics-server'), ports: [{ port: 443, targetPort: 10250 }] },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'metrics-server', namespace: system },
      },
    },
  ];
}
