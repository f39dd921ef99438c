/** What of a bed is still on this machine after it was taken down: nothing, if all went well. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { podProcesses } from './cleanup.ts';
import { command } from './command.ts';
import { bridge, inState, state } from './layout.ts';
import type { MachineBefore } from './network.ts';
import { networkNamespaces } from './network.ts';

/** A line for each thing found. `before` is how the machine was when the bed came up, if the bed changed it at all. */
export async function leftovers(before: MachineBefore | undefined): Promise<string[]> {
  const found = [
    ...processes(),
    ...readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((point) => point.startsWith(inState('/')))
      .map((point) => `mount ${point}`),
    ...(existsSync(state) ? [`folder ${state}`] : []),
  ];
  if (!before) return found;
  const links = readdirSync('/sys/class/net').filter((name) => name === bridge.name);
  const namespaces = (await networkNamespaces()).filter((name) => !before.networkNamespaces.includes(name));
  const rules: string[] = [];
  for (const program of ['iptables-save', 'ip6tables-save']) {
    const lines = (await command(program, []).catch(() => '')).split('\n');
    const ours = (line: string) => line.includes(bridge.name) || (!before.kubernetesChains && line.includes('KUBE-'));
    rules.push(...lines.filter(ours).map((line) => `${program}: ${line}`));
  }
  return [
    ...found,
    ...podProcesses().map((pid) => `process ${pid} of a pod`),
    ...links.map((name) => `network link ${name}`),
    ...namespaces.map((name) => `network namespace ${name}`),
    ...rules,
  ];
}

/** Processes that were started with a path in the bed's folder. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const ours = line.some((argument) => argument.includes(inState('/')));
        return ours ? [`process ${pid}: ${line.join(' ').slice(0, 200)}`] : [];
      } catch {
        return []; // It ended meanwhile.
      }
    });
}
