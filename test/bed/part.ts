/** A part of the bed: one process, how it is started, and how to see that it does its work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, lastLines, startProcess } from './process.ts';
import { duration, type Log } from './progress.ts';

export interface Part {
  readonly name: string;
  /** For people: where it listens, or what it does. */
  readonly address: string;
  /** The program and its arguments; a function, because files it names are written first. */
  readonly command: () => Promise<readonly string[]>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it does its work; a throw counts as no. */
  readonly isReady: () => Promise<boolean>;
}

/** A part died or did not get ready; the message carries the last lines of its log. */
export class PartError extends Error {
  override readonly name = 'PartError';
}

/** How long a part may take to get ready, in milliseconds. */
const patience = 60_000;

export const isReady = (part: Part): Promise<boolean> => part.isReady().catch(() => false);

/** Starts a part unless it runs, and returns when it is ready. */
export async function ensurePart(part: Part, log: Log): Promise<void> {
  if (!isRunning(part.name)) {
    // Else the stranger's answers would pass for those of a part that has died of the taken port.
    if (await isReady(part)) {
      throw new PartError(
        `Something that is not this bed's answers at ${part.address}, where ${part.name} goes: another user's bed? There can be one bed on a machine. Stop it, then try again`,
      );
    }
    startProcess(part.name, await part.command(), part.environment);
  }
  const start = Date.now();
  for (let said = 0; !(await isReady(part)); ) {
    const waited = Date.now() - start;
    if (!isRunning(part.name)) {
      throw new PartError(
        `${part.name} died ${duration(waited)} after its start. The last lines of its log:\n${lastLines(part.name)}`,
      );
    }
    if (waited > patience) {
      throw new PartError(
        `${part.name} runs, but is not ready after ${duration(patience)} (${part.address}). The last lines of its log:\n${lastLines(part.name)}`,
      );
    }
    if (waited - said > 15_000) {
      said = waited;
      log(`Waiting for ${part.name} … ${duration(waited)} so far`);
    }
    await sleep(50);
  }
}
