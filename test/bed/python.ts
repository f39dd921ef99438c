/** Programs from PyPI, each in a virtual environment of its own in the cache. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildKey } from './build-key.ts';
import { command } from './command.ts';
import { installPackages } from './debian.ts';
import { cache } from './layout.ts';
import { withLock } from './lock.ts';
import { type Log, withProgress } from './progress.ts';
import { type PythonProgramName, pythonPrograms } from './versions.ts';

/** The path of a pinned Python program's executable, installed the first time. */
export async function pythonProgram(name: PythonProgramName, log: Log = () => {}): Promise<string> {
  const { requirements, executable } = pythonPrograms[name];
  await needPython(log);
  const version = (await command('python3', ['--version'])).trim();
  const folder = path.join(cache, `${name}-${buildKey([version, ...requirements], new Map())}`);
  const program = path.join(folder, 'bin', executable);
  const complete = path.join(folder, 'complete');
  if (existsSync(complete)) return program;
  const waiting = (pid: number): void => log(`Process ${pid} is installing ${name}: waiting for it`);
  return withLock(`${folder}.lock`, waiting, async () => {
    if (existsSync(complete)) return program;
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.dirname(folder), { recursive: true });
    await withProgress(log, `Installing ${requirements.join(', ')} from PyPI (once)`, async () => {
      await command('python3', ['-m', 'venv', folder]);
      await command(path.join(folder, 'bin', 'pip'), [
        'install',
        '--quiet',
        '--disable-pip-version-check',
        ...requirements,
      ]);
    });
    await writeFile(complete, '');
    return program;
  });
}

/** Debian splits venv from Python; both are needed. */
async function needPython(log: Log): Promise<void> {
  const works = await command('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );
  if (works) return;
  const problem = await installPackages(['python3', 'python3-venv'], log);
  if (problem) throw new Error(`Python 3 with venv is missing: ${problem}`);
}
