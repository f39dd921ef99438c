/** A docker to build images with: the machine's own when it answers, else one of the bed's own. */
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { command } from './command.ts';
import { inState } from './layout.ts';
import type { Part } from './part.ts';
import { listensOn } from './probe.ts';

const socket = inState('docker.sock');
export const dockerHost = `unix://${socket}`;
export const dockerConfig = inState('docker-config');

/**
 * Whether a docker of the machine answers; never the bed's own. Asked with the configuration that `env` prints, so that
 * one which only a context of the user's leads to does not count: nobody would find it with that configuration.
 */
export async function machineDockerAnswers(): Promise<boolean> {
  if (process.env.DOCKER_HOST === dockerHost) return false;
  const env = { ...process.env, DOCKER_CONFIG: dockerConfig };
  return command('docker', ['version', '--format', '{{.Server.Version}}'], { env }).then(
    () => true,
    () => false,
  );
}

/** The bed's own dockerd. It has no network of its own to build in: it makes no bridge and no packet filter rules. */
export const dockerd: Part = {
  name: 'dockerd',
  address: dockerHost,
  command: async () => [
    'dockerd',
    ...['-H', dockerHost, '--data-root', inState('docker'), '--exec-root', inState('docker-exec')],
    ...[
      '--pidfile',
      inState('docker.pid'),
      '--bridge',
      'none',
      '--iptables=false',
      '--ip6tables=false',
      '--ip-forward=false',
    ],
  ],
  isReady: () => listensOn(socket),
};

/** A DOCKER_CONFIG with the buildx plugin, which a docker newer than 23 needs to build at all. */
export async function makeDockerConfig(buildx: string): Promise<void> {
  const plugin = inState('docker-config', 'cli-plugins', 'docker-buildx');
  await mkdir(inState('docker-config', 'cli-plugins'), { recursive: true, mode: 0o700 });
  await rm(plugin, { force: true });
  await symlink(buildx, plugin);
  const config = inState('docker-config', 'config.json');
  if (!existsSync(config)) await writeFile(config, '{}\n', { mode: 0o600 });
}
