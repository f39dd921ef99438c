/** Processes that outlive the program which started them, found again by id and start time. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inState } from './layout.ts';

/** A process id alone may come to name another process; with the start time (ticks since boot) and the boot it cannot. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

export interface ProcessRecord extends ProcessIdentity {
  readonly command: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

function stat(pid: number): { state: string; ticks: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', ticks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, started: `${bootId()}/${stat(pid)?.ticks ?? 'gone'}` };
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  const now = stat(pid);
  return now !== undefined && now.state !== 'Z' && now.state !== 'X' && `${bootId()}/${now.ticks}` === started;
}

const recordFile = (name: string): string => inState('processes', `${name}.json`);
export const logFile = (name: string): string => inState('log', name);

export function recordOf(name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(name), 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

export function isRunning(name: string): boolean {
  const record = recordOf(name);
  return record !== undefined && isAlive(record);
}

/** Servers get what they need and nothing of the caller's: no kubeconfig, no AWS settings, no Node options. */
function cleanEnvironment(): Record<string, string> {
  const kept = ['HOME', 'LANG', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  const environment: Record<string, string> = {};
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  environment.PATH = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin'].join(':');
  return environment;
}

/** Starts a process in a session of its own, its output appended to log/NAME. */
export function startProcess(name: string, command: readonly string[], environment: Record<string, string> = {}): void {
  for (const file of [recordFile(name), logFile(name)]) mkdirSync(path.dirname(file), { recursive: true });
  const log = openSync(logFile(name), 'a', 0o600);
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, {
    cwd: inState(),
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...cleanEnvironment(), ...environment },
  });
  closeSync(log);
  // Reported by whoever waits for the part: a program that cannot be started has no process that could get ready.
  child.on('error', (error) => writeFileSync(logFile(name), `${error.message}\n`, { flag: 'a' }));
  child.unref();
  if (child.pid === undefined) return;
  const record: ProcessRecord = { ...identityOf(child.pid), command, at: Date.now() };
  writeFileSync(`${recordFile(name)}.new`, JSON.stringify(record));
  renameSync(`${recordFile(name)}.new`, recordFile(name));
}

/** Asks the process to end, insists after `patience` milliseconds, and returns when it is gone. */
export async function stopProcess(name: string, patience: number): Promise<void> {
  const record = recordOf(name);
  if (record) await endProcess(record, patience);
  rmSync(recordFile(name), { force: true });
}

export async function endProcess(identity: ProcessIdentity, patience: number): Promise<void> {
  const signal = (kind: NodeJS.Signals): void => {
    try {
      process.kill(identity.pid, kind);
    } catch (error) {
      // Gone between the look and the signal is fine; waiting for a process that may not be ended would never end.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  if (!isAlive(identity)) return;
  signal('SIGTERM');
  for (const end = Date.now() + patience; isAlive(identity) && Date.now() < end; ) await sleep(20);
  if (!isAlive(identity)) return;
  signal('SIGKILL');
  for (const end = Date.now() + 20_000; isAlive(identity); await sleep(20)) {
    if (Date.now() > end)
      throw new Error(`Process ${identity.pid} does not end, even when killed: it hangs in the kernel`);
  }
}

const cut = (line: string): string => (line.length > 400 ? `${line.slice(0, 400)} …` : line);

/** The last lines of a part's log, long ones cut, for error messages. */
export function lastLines(name: string, count = 15): string {
  try {
    return readFileSync(logFile(name), 'utf8').trimEnd().split('\n').slice(-count).map(cut).join('\n');
  } catch {
    return '(it has written no log)';
  }
}
