import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from './process.ts';

let counter = 0;

/**
 * Runs `work` while no other process holds the lock file; a lock whose holder is dead counts as free.
 * `waiting` is called once, with the holder's process id, when it has to wait.
 */
export async function withLock<T>(file: string, waiting: (pid: number) => void, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}.${counter++}`;
  await writeFile(mine, JSON.stringify(identityOf(process.pid)));
  try {
    // A link appears with its content or not at all, so nobody reads a lock that names no holder.
    for (let waited = false; !(await linked(mine, file)); ) {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const holder = JSON.parse(text) as ProcessIdentity;
      if (!isAlive(holder)) {
        await rm(file, { force: true });
        continue;
      }
      if (!waited) waiting(holder.pid);
      waited = true;
      await sleep(200);
    }
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
