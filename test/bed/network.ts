/** What the bed changes in the machine's network and kernel settings, and how it takes that back. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { command } from './command.ts';
import { bridge } from './layout.ts';

/** Settings that kubelet, kube-proxy, the network plugins or dockerd change when they start. */
const settings = [
  'kernel/panic',
  'kernel/panic_on_oops',
  'vm/overcommit_memory',
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/route_localnet',
  'net/bridge/bridge-nf-call-iptables',
  'net/netfilter/nf_conntrack_max',
  'net/netfilter/nf_conntrack_tcp_be_liberal',
  'net/netfilter/nf_conntrack_tcp_timeout_established',
  'net/netfilter/nf_conntrack_tcp_timeout_close_wait',
];

/** How the machine was before the bed came up. */
export interface MachineBefore {
  readonly settings: Readonly<Record<string, string>>;
  readonly networkNamespaces: readonly string[];
  /** Whether another Kubernetes had its chains in the packet filter. */
  readonly kubernetesChains: boolean;
  readonly dockerBridge: boolean;
  /** What the network plugins have noted of pods of others, by file name. */
  readonly networkResults: readonly string[];
}

/** Where the network plugins note what they gave to each pod. */
export const networkResultsFolder = '/var/lib/cni/results';

export const networkResults = (): string[] =>
  existsSync(networkResultsFolder) ? readdirSync(networkResultsFolder) : [];

export async function machineBefore(): Promise<MachineBefore> {
  const values: Record<string, string> = {};
  for (const name of settings) {
    const file = `/proc/sys/${name}`;
    if (existsSync(file)) values[name] = readFileSync(file, 'utf8').trim();
  }
  return {
    settings: values,
    networkNamespaces: await networkNamespaces(),
    kubernetesChains: (await command('iptables-save', [])).includes(':KUBE-'),
    dockerBridge: existsSync('/sys/class/net/docker0'),
    networkResults: networkResults(),
  };
}

export const networkNamespaces = async (): Promise<string[]> =>
  (await command('ip', ['netns', 'list']))
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith('cni-'));

/** A docker on this machine sets the policy of FORWARD to DROP: the pods' packets are accepted before it comes to that. */
const forwardRules = ['-i', '-o'].map((direction) => [direction, bridge.name, '-j', 'ACCEPT']);

export async function makeBridge(): Promise<void> {
  if (existsSync(`/sys/class/net/${bridge.name}`)) return;
  // Without an address of its own a bridge has the lowest of its ports': when that pod goes, the others would send their
  // answers to an address that nobody has any more, until they ask again.
  await command('ip', ['link', 'add', bridge.name, 'address', '02:00:0a:f5:00:01', 'type', 'bridge']);
  await command('ip', ['address', 'add', `${bridge.gateway}/24`, 'dev', bridge.name]);
  await command('ip', ['link', 'set', bridge.name, 'up']);
  for (const rule of forwardRules) await command('iptables', ['--wait', '-I', 'FORWARD', ...rule]);
}

/**
 * Input for `iptables-restore --noflush` that removes the chains whose names start with KUBE- and every rule that goes to
 * one, and touches no other rule. `rules` is what `iptables-save` prints.
 */
export function withoutKubernetesChains(rules: string): string {
  const lines: string[] = [];
  for (const table of rules.split(/^(?=\*)/m)) {
    const name = /^\*\S+/.exec(table)?.[0];
    const chains = [...table.matchAll(/^:(KUBE-\S+)/gm)].map((match) => match[1]);
    if (!name || chains.length === 0) continue;
    const jumps = [...table.matchAll(/^-A (?!KUBE-)(.* -j KUBE-\S+.*)$/gm)].map((match) => `-D ${match[1]}`);
    const empty = chains.map((chain) => `-F ${chain}`);
    const gone = chains.map((chain) => `-X ${chain}`);
    lines.push(name, ...jumps, ...empty, ...gone, 'COMMIT');
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

export async function restoreMachine(before: MachineBefore): Promise<void> {
  for (const rule of forwardRules) await command('iptables', ['--wait', '-D', 'FORWARD', ...rule]).catch(() => {});
  if (!before.kubernetesChains) {
    for (const family of ['iptables', 'ip6tables']) {
      const rules = withoutKubernetesChains(await command(`${family}-save`, []).catch(() => ''));
      if (rules !== '') await command(`${family}-restore`, ['--noflush', '--wait'], { input: rules });
    }
  }
  const links = [bridge.name, ...(before.dockerBridge ? [] : ['docker0'])];
  for (const link of links) {
    if (existsSync(`/sys/class/net/${link}`)) await command('ip', ['link', 'delete', link]);
  }
  for (const name of await networkNamespaces()) {
    if (!before.networkNamespaces.includes(name)) await command('ip', ['netns', 'delete', name]);
  }
  for (const [name, value] of Object.entries(before.settings)) {
    const file = `/proc/sys/${name}`;
    // Some belong to a kernel module that may be gone, or may not be written in a container.
    try {
      if (readFileSync(file, 'utf8').trim() !== value) writeFileSync(file, value);
    } catch {}
  }
}
