import { execFile } from 'node:child_process';

/** A program that could not be started or ended with an error; the message carries the end of what it wrote. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs a program to its end and returns its standard output. */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { input, ...rest } = options;
    const child = execFile(program, args, { ...rest, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
      const line = [program, ...args].join(' ');
      reject(
        new CommandError(`"${line}" failed (${error.code ?? error.signal}):\n${said || error.message}`, {
          cause: error,
        }),
      );
    });
    child.stdin?.on('error', () => {}); // A program that ends without reading says so in its exit code.
    child.stdin?.end(input ?? '');
  });
}
