/** Takes away all that a bed made, whether it is up, half up, or was killed. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.ts';
import { dockerd } from './docker.ts';
import { readFacts } from './facts.ts';
import { inState, state } from './layout.ts';
import { type MachineBefore, networkResults, networkResultsFolder, restoreMachine } from './network.ts';
import { containerdSocket } from './node.ts';
import { endProcess, identityOf, stopProcess } from './process.ts';

/** In this order: who would restart what the next one ends goes first. */
const podsStage = ['pods'];
const stages = [
  ['kubelet', 'kube-proxy', 'kwok', 'controller-manager', 'scheduler', 'moto', 'aws-proxy', 'dockerd'],
  podsStage,
  ['containerd', 'registry', 'apiserver'],
  ['token-webhook', 'etcd'],
];

export async function removeBed(): Promise<void> {
  if (!existsSync(state)) return;
  refuseOtherOwner();
  const before = readFacts()?.before;
  for (const stage of stages) {
    // Without a node of its own the bed has no pods: those that run are somebody else's.
    if (stage === podsStage) await (before && endPods());
    else await Promise.all(stage.map((name) => stopProcess(name, name === dockerd.name ? 15_000 : 2_000)));
  }
  await unmountAll();
  if (before) await restoreMachine(before);
  if (before) removeTraces(before);
  rmSync(state, { recursive: true, force: true });
}

/** /var/tmp is open to all: a folder of somebody else's is not ours to remove. */
export function refuseOtherOwner(): void {
  const { uid } = lstatSync(state);
  if (uid !== process.getuid?.()) {
    throw new Error(
      `${state} belongs to user ${uid}, not to this one: it cannot be the bed's folder. Remove it, or ask its owner to.`,
    );
  }
}

/** Ends every container, and whatever of their processes and minders is left. */
async function endPods(): Promise<void> {
  const ctr = (...args: string[]): Promise<string> =>
    command('ctr', ['--address', containerdSocket, '-n', 'k8s.io', ...args]);
  if (existsSync(containerdSocket)) {
    const tasks = (await ctr('tasks', 'ls', '-q').catch(() => '')).split('\n').filter((id) => id !== '');
    await Promise.all(tasks.map((id) => ctr('tasks', 'rm', '--force', id).catch(() => {})));
  }
  const minders = processesWhere(
    (line) => path.basename(line[0] ?? '').startsWith('containerd-shim') && line.includes(containerdSocket),
  );
  await Promise.all(minders.map((pid) => endProcess(identityOf(pid), 0)));
  await Promise.all(podProcesses().map((pid) => endProcess(identityOf(pid), 0)));
}

function processesWhere(matches: (commandLine: string[]) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return matches(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
      } catch {
        return false; // It ended meanwhile.
      }
    })
    .map(Number);
}

/** The control groups of a name, in every hierarchy: /sys/fs/cgroup itself (v2) or the folders in it (v1). */
function controlGroups(name: string): string[] {
  const root = '/sys/fs/cgroup';
  if (!existsSync(root)) return [];
  return [root, ...readdirSync(root).map((hierarchy) => path.join(root, hierarchy))]
    .map((folder) => path.join(folder, name))
    .filter((folder) => existsSync(folder));
}

const groupsUnder = (folder: string): string[] => [
  ...readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => groupsUnder(path.join(folder, entry.name))),
  folder,
];

export function podProcesses(): number[] {
  const pids = controlGroups('kubepods')
    .flatMap(groupsUnder)
    .flatMap((folder) => readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n'));
  return [...new Set(pids.filter((pid) => pid !== '').map(Number))];
}

async function unmountAll(): Promise<void> {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(inState('/')))
    .sort()
    .reverse();
  for (const point of points) {
    await command('umount', [point]).catch(() => command('umount', ['--lazy', point]));
  }
}

/** What kubelet and containerd leave outside the folders they are given. */
function removeTraces(before: MachineBefore): void {
  const logs = '/var/log/containers';
  for (const name of existsSync(logs) ? readdirSync(logs) : []) {
    const file = path.join(logs, name);
    if (lstatSync(file).isSymbolicLink() && readlinkSync(file).startsWith(inState('/'))) rmSync(file);
  }
  for (const name of networkResults()) {
    if (!before.networkResults.includes(name)) rmSync(path.join(networkResultsFolder, name));
  }
  const groups = ['kubepods', 'docker'].flatMap(controlGroups);
  for (const folder of [
    logs,
    networkResultsFolder,
    path.dirname(networkResultsFolder),
    ...groups.flatMap(groupsUnder),
  ]) {
    try {
      rmdirSync(folder);
    } catch {
      // Not there, or not empty: then it is not the bed's alone.
    }
  }
}
