/** Programs of the machine that come as Debian packages. */
import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { command } from './command.ts';
import { type Log, withProgress } from './progress.ts';

/** Program → package that brings it. Checked by program, because other vendors' packages bring the same ones. */
export const packageOf = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  dockerd: 'docker.io',
  docker: 'docker.io',
  iptables: 'iptables',
  conntrack: 'conntrack',
  ip: 'iproute2',
  mount: 'mount',
  openssl: 'openssl',
} as const;

export type MachineProgram = keyof typeof packageOf;

/** The container network plugins are no programs on PATH; this is where Debian and others put them. */
const pluginFolders = ['/usr/lib/cni', '/opt/cni/bin'];
const pluginsPackage = 'containernetworking-plugins';

const folders = (): string[] =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'].filter((folder) => folder !== '');

export const hasProgram = (name: string): boolean => folders().some((folder) => existsSync(path.join(folder, name)));

export const pluginFolder = (): string | undefined =>
  pluginFolders.find((folder) =>
    ['bridge', 'host-local', 'loopback'].every((plugin) => existsSync(path.join(folder, plugin))),
  );

/**
 * Makes sure that programs (and, with `plugins`, the network plugins) are there, installing their packages if it may.
 * Returns why not, with the command to run, or undefined when all are there.
 */
export async function needPrograms(
  names: readonly MachineProgram[],
  plugins: boolean,
  log: Log,
): Promise<string | undefined> {
  const missing = new Set<string>(names.filter((name) => !hasProgram(name)).map((name) => packageOf[name]));
  if (plugins && !pluginFolder()) missing.add(pluginsPackage);
  return missing.size === 0 ? undefined : installPackages([...missing].sort(), log);
}

/** Installs packages when root; returns why it could not, with the command to run, or undefined. */
export async function installPackages(packages: readonly string[], log: Log): Promise<string | undefined> {
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!hasProgram('apt-get'))
    return `install ${packages.join(', ')} with this system's package manager (no apt-get here)`;
  if (process.getuid?.() !== 0) return `missing packages; run: sudo ${line}`;
  // Two installations at once wait for each other instead of failing on dpkg's lock.
  const args = ['-o', 'DPkg::Lock::Timeout=300', ...line.split(' ').slice(1)];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await withProgress(log, `Installing missing Debian packages: ${line}`, () =>
      withoutServices(async () => {
        // The lists may be missing or out of date; without a second try either looks like a package that does not exist.
        await command('apt-get', args, { env }).catch(async () => {
          await command('apt-get', ['-o', 'DPkg::Lock::Timeout=300', 'update'], { env });
          await command('apt-get', args, { env });
        });
      }),
    );
  } catch (error) {
    return `"${line}" failed: ${(error as Error).message}`;
  }
  return undefined;
}

const policy = '/usr/sbin/policy-rc.d';

/** Keeps packages from starting their services: the bed runs its own, on its own sockets. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(policy)) return work();
  await writeFile(
    policy,
    '#!/bin/sh\n# Made by the test bed for the time of an installation: 101 means "do not start services".\nexit 101\n',
  );
  await chmod(policy, 0o755);
  try {
    await work();
  } finally {
    await rm(policy, { force: true });
  }
}
