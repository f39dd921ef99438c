/** The local world of the tests and the demo: brought up, described and taken down. */
import { existsSync } from 'node:fs';
import { refuseOtherOwner, removeBed } from './cleanup.ts';
import { type Addon, type Capabilities, type Facts, readFacts } from './facts.ts';
import { state } from './layout.ts';
import { leftovers } from './leftovers.ts';
import { withLock } from './lock.ts';
import { isReady, type Part } from './part.ts';
import { prepare } from './prepare.ts';
import { isRunning, lastLines, recordOf } from './process.ts';
import { duration, type Log } from './progress.ts';
import { isClusterReady, isMemberReady, members } from './readiness.ts';
import { parts, start } from './start.ts';

export { goBinary, goTool } from './build.ts';
export { pythonProgram as pythonTool } from './python.ts';

export interface Bed {
  /** For the environment of programs that use the bed. */
  readonly env: Readonly<Record<string, string>>;
  readonly capabilities: Capabilities;
  /** Whether this call brought it up; who did may take it down. */
  readonly startedHere: boolean;
  /** Paths of programs. */
  readonly tools: Facts['tools'];
}

export interface UpOptions {
  /** Parts that only some tests need. */
  readonly with?: readonly Addon[];
  readonly log?: Log;
}

export interface PartStatus {
  readonly name: string;
  readonly state: 'ready' | 'not ready' | 'died' | 'not started';
  readonly address: string;
  readonly pid?: number;
  /** Milliseconds since its start. */
  readonly uptime?: number;
}

/** Outside the bed's folder, which goes away. */
const lock = `${state}.lock`;

/** Brings the bed up, or what of it is not; returns at once when all is. */
export function up({ with: addons = [], log = () => {} }: UpOptions = {}): Promise<Bed> {
  return withLock(lock, waitFor(log), async () => {
    const begin = Date.now();
    const found = await findBed(log);
    const wanted = [...new Set([...(found?.addons ?? []), ...addons])];
    if (found && wanted.length === found.addons.length && (await isHealthy(found))) {
      log(`The bed is up already: ${parts(found).length} parts run and are ready`);
      return { ...found, startedHere: false };
    }
    const { facts, programs } = await prepare(found, wanted, log);
    if (found && found.tools.servers !== facts.tools.servers) {
      log('The parts that run were built from other sources than these: take the bed down and up for the new ones');
    }
    const prepared = Date.now();
    await start(facts, programs, log);
    for (const [name, capability] of Object.entries(facts.capabilities)) {
      if (capability !== true) log(`No ${name} here: ${capability}`);
    }
    const preparation = prepared - begin > 1000 ? `, after ${duration(prepared - begin)} of preparation` : '';
    log(`The bed is up in ${duration(Date.now() - prepared)}${preparation}.`);
    log('Use it from your shell: eval "$(npm run -s bed -- env)". Take it down: npm run bed -- down');
    return { ...facts, startedHere: found === undefined };
  });
}

/** Takes the bed down, whatever is left of it, and removes all that it made but the builds in the cache. */
export function down({ log = () => {} }: { readonly log?: Log } = {}): Promise<void> {
  return withLock(lock, waitFor(log), async () => {
    if (!existsSync(state)) return log('There is no bed to take down');
    const begin = Date.now();
    const before = readFacts()?.before;
    await removeBed();
    const left = await leftovers(before);
    if (left.length > 0) throw new Error(`The bed is down, but this of it is left:\n${left.join('\n')}`);
    log(`The bed is down in ${duration(Date.now() - begin)}; nothing of it is left but the builds in the cache`);
  });
}

/** What `up` returned, for a bed that is up by now; undefined when none is. */
export function current(): Bed | undefined {
  const facts = readFacts();
  return facts && parts(facts).some(({ name }) => isRunning(name)) ? { ...facts, startedHere: false } : undefined;
}

/** How each part does; empty when there is no bed. */
export async function status(): Promise<PartStatus[]> {
  const facts = readFacts();
  if (!facts) return [];
  const inCluster = members(facts).map(async (member): Promise<PartStatus> => {
    const ready = await isMemberReady(member).catch(() => false);
    return { name: member.name, state: ready ? 'ready' : 'not ready', address: 'in the cluster' };
  });
  return Promise.all([...parts(facts).map(statusOf), ...inCluster]);
}

async function statusOf(part: Part): Promise<PartStatus> {
  const { name, address } = part;
  const record = recordOf(name);
  if (!record) return { name, address, state: 'not started' };
  if (!isRunning(name)) return { name, address, state: 'died' };
  const state = (await isReady(part)) ? 'ready' : 'not ready';
  return { name, address, state, pid: record.pid, uptime: Date.now() - record.at };
}

const waitFor =
  (log: Log) =>
  (pid: number): void =>
    log(`Process ${pid} is bringing the bed up or down: waiting for it`);

/** The bed that is there, if something of it still runs. What a killed session left behind is removed first. */
async function findBed(log: Log): Promise<Facts | undefined> {
  if (!existsSync(state)) return undefined;
  refuseOtherOwner();
  const facts = readFacts();
  const all = facts ? parts(facts) : [];
  const dead = all.filter(({ name }) => recordOf(name) && !isRunning(name));
  if (facts && all.some(({ name }) => isRunning(name))) {
    for (const { name } of dead)
      log(`${name} died and is started again. The last lines of its log:\n${lastLines(name)}`);
    return facts;
  }
  log(`Removing what an earlier bed left in ${state}`);
  await removeBed();
  return undefined;
}

async function isHealthy(facts: Facts): Promise<boolean> {
  const states = await Promise.all(parts(facts).map(async (part) => isRunning(part.name) && (await isReady(part))));
  return states.every(Boolean) && (await isClusterReady(facts));
}
