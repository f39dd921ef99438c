/** Where the action's own time goes: phases of a run from its requests, and its own CPU time from V8's sampler. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../bed/progress.ts';
import type { Field } from './contenders.ts';
import { type CpuProfile, selfTimes } from './cpuprofile.ts';
import { measure } from './measure.ts';
import type { Namespaces } from './namespaces.ts';
import { median } from './statistics.ts';

/** What `timeline.mjs` wrote; milliseconds since the process started. */
interface Timeline {
  readonly preloaded: number;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly start: number;
    readonly end?: number;
  }[];
  readonly exit: number;
}

const phases = [
  'node starts',
  'bundle loads; inputs, spec and kubeconfig are read',
  'secrets are read',
  'lists and dry run of all',
  'apply',
  'rollout is watched',
  'outputs, summary, exit',
] as const;

const preload = path.join(import.meta.dirname, 'timeline.mjs');
const bundle = path.join(import.meta.dirname, '../../dist/index.js');

/** Milliseconds of each phase. A phase that a run did not have takes none. */
function phasesOf({ preloaded, requests, exit }: Timeline): number[] {
  const first = requests[0]?.start ?? exit;
  const last = (after: number, of: (request: Timeline['requests'][number]) => boolean) =>
    Math.max(after, ...requests.filter(of).map(({ end, start }) => end ?? start));
  const isWatch = ({ path }: { path: string }) => path.includes('watch=true');
  const isDryRun = ({ path }: { path: string }) => path.includes('dryRun=All');
  const secrets = last(first, ({ path }) => /\/secrets\/[^?]+$/.test(path));
  const tried = last(secrets, (one) => isDryRun(one) || (one.method === 'GET' && !isWatch(one)));
  // What is sent while the rollout is watched holds nobody up.
  const watching = requests.find(isWatch)?.start ?? exit;
  const applied = last(tried, (one) => one.method !== 'GET' && !isDryRun(one) && one.start < watching);
  const watched = last(applied, isWatch);
  const marks = [0, preloaded, first, secrets, tried, applied, watched, exit];
  return phases.map((_, index) => (marks[index + 1] ?? 0) - (marks[index] ?? 0));
}

/** Runs one deploy with both recorders off or on: they disturb each other. */
async function record(field: Field, namespace: string, folder: string): Promise<{ timeline: Timeline; wall: number }> {
  const file = path.join(folder, 'timeline.json');
  const command = field.action(namespace, ['--import', preload], { BENCH_TIMELINE: file });
  const { wall } = await measure([command]);
  return { timeline: JSON.parse(readFileSync(file, 'utf8')) as Timeline, wall };
}

async function sample(field: Field, namespace: string, folder: string): Promise<CpuProfile> {
  const profiles = path.join(folder, 'cpu');
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles);
  await measure([field.action(namespace, ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${profiles}`])]);
  const [file = ''] = readdirSync(profiles);
  return JSON.parse(readFileSync(path.join(profiles, file), 'utf8')) as CpuProfile;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** Prints where the time goes in a first deploy and in one that changes nothing. */
export async function profile(
  field: Field,
  namespaces: Namespaces,
  runs: number,
  folder: string,
  log: Log,
): Promise<void> {
  const first: Timeline[] = [];
  const again: Timeline[] = [];
  const profiles: CpuProfile[] = [];
  for (let run = 0; run <= runs; run++) {
    const namespace = await namespaces.create();
    const deployed = await record(field, namespace, folder);
    const repeated = await record(field, namespace, folder);
    const sampled = await sample(field, namespace, folder);
    await namespaces.remove(namespace);
    log(
      `${run === 0 ? 'Warm-up' : `Run ${run} of ${runs}`}: ${deployed.wall.toFixed(2)} s, again ${repeated.wall.toFixed(2)} s`,
    );
    if (run === 0) continue;
    first.push(deployed.timeline);
    again.push(repeated.timeline);
    profiles.push(sampled);
  }
  const [ofFirst, ofAgain] = [first.map(phasesOf), again.map(phasesOf)];
  const middle = (runsOf: readonly number[][], index: number) =>
    median(runsOf.map((phase) => phase[index] ?? 0)).toFixed(0);
  const rows: string[][] = phases.map((name, index) => [name, middle(ofFirst, index), middle(ofAgain, index)]);
  const whole = (timelines: readonly Timeline[]) => median(timelines.map(({ exit }) => exit)).toFixed(0);
  const requests = (timelines: readonly Timeline[]) => median(timelines.map((one) => one.requests.length)).toFixed(0);
  rows.push(['whole process', whole(first), whole(again)], ['requests', requests(first), requests(again)]);
  console.log(`\n${table([`medians of ${runs} runs, ms`, 'first deploy', 'nothing changed'], rows)}`);

  const sums = new Map<string, number[]>();
  for (const one of profiles) {
    for (const [name, milliseconds] of selfTimes(one, bundle))
      sums.set(name, [...(sums.get(name) ?? []), milliseconds]);
  }
  const top = [...sums]
    .map(([name, values]) => [name, values.reduce((sum, value) => sum + value, 0) / profiles.length] as const)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 20);
  const cpu = top.map(([name, milliseconds]) => [name, milliseconds.toFixed(1)]);
  console.log(`\n${table(['nothing changed: CPU time by module, without what it calls', 'ms'], cpu)}\n`);
}
