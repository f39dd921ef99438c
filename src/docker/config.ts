/**
 * A docker configuration of our own for as long as a build takes: the user's, and the registry's password beside it.
 *
 * The password is written into its `config.json` rather than handed to `docker login`. Login would write the same bytes to
 * the same file, after a process and a request more, or would put them into the machine's credential store, where they
 * outlive the step. Either way the password is in no argument and no environment variable.
 */

import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '../github/log.ts';
import type { Credentials } from './registry.ts';

/** What of `config.json` matters here; the rest is kept as it is. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, object>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/**
 * The user's configuration with the password of one registry. Passwords of other registries stay, for base images from
 * there. A credential store hides what `auths` says, so it is asked for the other registries only.
 *
 * @param host of the registry, with its port
 */
export function configWith(config: DockerConfig, host: string, { username, password }: Credentials): DockerConfig {
  const { credsStore, auths = {}, credHelpers = {}, ...rest } = config;
  const stored = credsStore ? Object.fromEntries(Object.keys(auths).map((registry) => [registry, credsStore])) : {};
  const { [host]: _, ...helpers } = { ...stored, ...credHelpers };
  return {
    ...rest,
    credHelpers: helpers,
    auths: { ...auths, [host]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } },
  };
}

/**
 * Runs `body` with the path of a configuration folder for `DOCKER_CONFIG`, which nobody else can read and which is
 * removed afterwards, whatever happens. It has all that the user's has: buildx and other plugins, the builders that
 * docker/setup-buildx-action made, contexts, certificates.
 *
 * @param env in which docker would have found its configuration
 */
export async function withDockerConfig<T>(
  env: NodeJS.ProcessEnv,
  host: string,
  credentials: Credentials,
  log: Log,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const original = env.DOCKER_CONFIG || path.join(env.HOME || homedir(), '.docker');
  // mkdtemp makes it with mode 0700. The runner empties RUNNER_TEMP after the job, even after one that was killed.
  const folder = await mkdtemp(path.join(env.RUNNER_TEMP || tmpdir(), 'docker-config-'));
  try {
    const config = configWith(await readConfig(path.join(original, 'config.json'), log), host, credentials);
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    for (const name of await readdir(original).catch(() => [])) {
      if (name !== 'config.json') await symlink(path.resolve(original, name), path.join(folder, name));
    }
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readConfig(file: string, log: Log): Promise<DockerConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    log.warning(`${file} is not JSON and is not used: ${(error as Error).message}`);
    return {};
  }
}
