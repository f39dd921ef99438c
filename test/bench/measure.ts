/** How long whole processes take, and how much of a processor. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Measure {
  /** Seconds from the start of the first process to the end of the last. */
  readonly wall: number;
  /** Seconds that they computed outside the kernel; exact to 0.01. */
  readonly user: number;
}

/** User time of this process's ended children, in ticks of 1/100 s. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function childrenTicks(): number {
  const text = readFileSync('/proc/self/stat', 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[13]);
}

function finish({ program, args, env, cwd }: Command): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, ...(cwd !== undefined && { cwd }), stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        said += piece;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new Error(`"${[program, ...args].join(' ')}" failed (${code}):\n${said.slice(-2_000)}`));
    });
  });
}

/** Runs the commands one after another as one unit; the first that fails is an error. */
export async function measure(commands: readonly Command[]): Promise<Measure> {
  const ticks = childrenTicks();
  const start = performance.now();
  for (const command of commands) await finish(command);
  return { wall: (performance.now() - start) / 1000, user: (childrenTicks() - ticks) / 100 };
}
