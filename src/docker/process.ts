import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessResult {
  readonly code: number;
  /** The last lines of both streams together, oldest first. */
  readonly lastLines: readonly string[];
}

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Hears each line of both streams as it comes, without its end. */
  readonly onLine?: (line: string) => void;
}

const keptLines = 25;
/** A cancelled job has 7.5 s from SIGINT to SIGTERM and 2.5 s more to its end. */
const graceMilliseconds = 3000;

/**
 * Runs a program, without a shell, and waits for its end. When the signal aborts, the program and all it started get
 * SIGTERM, then SIGKILL, and only after their end is the signal's reason thrown.
 *
 * @throws the error of `spawn` when there is no such program (`code` ENOENT)
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  { env, signal, onLine }: ProcessOptions,
): Promise<ProcessResult> {
  signal.throwIfAborted();
  // A group of its own, because docker leaves the work to a plugin that is another process.
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const killGroup = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended by itself.
    }
  };
  let kill: NodeJS.Timeout | undefined;
  const onAbort = () => {
    killGroup('SIGTERM');
    kill = setTimeout(killGroup, graceMilliseconds, 'SIGKILL');
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const lastLines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      onLine?.(line);
    });
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    signal.throwIfAborted();
    return { code, lastLines };
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(kill);
  }
}
