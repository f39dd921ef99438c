/** The real node: containerd, kubelet and kube-proxy. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { kubeconfig } from './certificates.ts';
import { pluginFolder } from './debian.ts';
import { imageOf } from './images.ts';
import { bridge, inState, loopback, realNode, registry, registryLogin, services } from './layout.ts';
import type { Part } from './part.ts';
import { answers, listensOn } from './probe.ts';

export const containerdSocket = inState('containerd.sock');
export const kubeletFolder = inState('kubelet');

export function node(servers: string): Record<'containerd' | 'kubelet' | 'kubeProxy', Part> {
  return {
    containerd: {
      name: 'containerd',
      address: `unix://${containerdSocket}`,
      command: async () => ['containerd', '--config', await containerdConfig()],
      isReady: () => listensOn(containerdSocket),
    },
    kubelet: {
      name: 'kubelet',
      address: `node ${realNode}, https://${bridge.gateway}:10250`,
      command: async () => [
        servers,
        'kubelet',
        ...['--kubeconfig', kubeconfig, '--config', await kubeletConfig()],
        ...['--root-dir', kubeletFolder, '--cert-dir', inState('kubelet', 'pki')],
        ...['--hostname-override', realNode, '--node-ip', bridge.gateway],
      ],
      isReady: () => answers(`http://${loopback}:10248/healthz`),
    },
    kubeProxy: {
      name: 'kube-proxy',
      address: 'iptables',
      command: async () => [servers, 'kube-proxy', '--config', await proxyConfig(), '--hostname-override', realNode],
      isReady: () => answers(`http://${loopback}:10256/livez`),
    },
  };
}

async function containerdConfig(): Promise<string> {
  await mkdir(inState('cni'), { recursive: true });
  const network = {
    cniVersion: '0.4.0',
    name: 'bed',
    plugins: [
      {
        type: 'bridge',
        bridge: bridge.name,
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: inState('ipam'),
          ranges: [[{ subnet: bridge.subnet }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
  await writeFile(inState('cni', '10-bed.conflist'), JSON.stringify(network));
  const file = inState('containerd.toml');
  await writeFile(
    file,
    `version = 2
root = "${inState('containerd')}"
state = "${inState('containerd-state')}"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageOf('pause')}"
  # Without this every sandbox dies with "can't get final child's PID from pipe: EOF" where a score may not be lowered.
  restrict_oom_score_adj = true
  stream_server_address = "${loopback}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${pluginFolder()}"
    conf_dir = "${inState('cni')}"
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."${registry}"]
    endpoint = ["http://${registry}"]
  [plugins."io.containerd.grpc.v1.cri".registry.configs."${registry}".auth]
    username = "${registryLogin.user}"
    password = "${registryLogin.password}"
`,
    { mode: 0o600 },
  );
  return file;
}

async function kubeletConfig(): Promise<string> {
  const file = inState('kubelet.json');
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: bridge.gateway,
    healthzBindAddress: loopback,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDomain: 'cluster.local',
    clusterDNS: [services.dns],
    // The machine's own name servers may listen where a pod cannot reach them, and CoreDNS asks none of them.
    resolvConf: '',
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 99,
    imageGCLowThresholdPercent: 98,
    podLogsDir: inState('pod-logs'),
    volumePluginDir: inState('kubelet', 'volume-plugins'),
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

async function proxyConfig(): Promise<string> {
  const file = inState('kube-proxy.json');
  const config = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig },
    mode: 'iptables',
    healthzBindAddress: `${loopback}:10256`,
    metricsBindAddress: `${loopback}:10249`,
    nodePortAddresses: [`${bridge.gateway}/32`],
    conntrack: { maxPerCore: 0 },
    // Where the kernel does not show bridged packets to iptables, a pod's answer to a neighbour on the bridge would
    // bypass the address translation: then everything that goes to a service comes from the node.
    iptables: { masqueradeAll: !existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables') },
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}
