import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.ts';
import { identityOf } from './process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('lets one at a time work, and tells the others whom they wait for', async () => {
  const events: string[] = [];
  const work = (name: string) =>
    withLock(
      path.join(folder, 'lock'),
      (pid) => events.push(`${name} waits for ${pid === process.pid ? 'this process' : pid}`),
      async () => {
        events.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        events.push(`${name} ends`);
      },
    );
  await Promise.all([work('a'), work('b')]);
  const [first, other] = events[0] === 'a begins' ? ['a', 'b'] : ['b', 'a'];
  expect(events.filter((event) => !event.includes('waits'))).toEqual([
    `${first} begins`,
    `${first} ends`,
    `${other} begins`,
    `${other} ends`,
  ]);
  expect(events).toContain(`${other} waits for this process`);
});

it('takes the lock of a process that is dead', async () => {
  const { pid } = spawnSync('true');
  writeFileSync(path.join(folder, 'lock'), JSON.stringify({ ...identityOf(process.pid), pid }));
  expect(
    await withLock(
      path.join(folder, 'lock'),
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});

it('takes the lock of a process whose id now names another one', async () => {
  writeFileSync(path.join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'earlier boot/1' }));
  expect(
    await withLock(
      path.join(folder, 'lock'),
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});

it('frees the lock when the work fails', async () => {
  const lock = path.join(folder, 'lock');
  const failing = withLock(
    lock,
    () => {},
    () => Promise.reject(new Error('no')),
  );
  await expect(failing).rejects.toThrow('no');
  expect(
    await withLock(
      lock,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});
