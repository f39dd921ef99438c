/** Building and pushing an image with docker. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ImageError, UserError } from '../errors.ts';
import type { Log } from '../github/log.ts';
import type { BuildFiles } from './context.ts';
import { type ProcessResult, runProcess } from './process.ts';

export interface Build extends BuildFiles {
  /** `host/repository:tag`, which is pushed. */
  readonly reference: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Values by id. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  readonly target?: string;
  readonly provenance?: string;
  /** Ask the registries for base images that are newer than the ones on this machine. */
  readonly pull: boolean;
}

/**
 * The arguments of `docker` for a build that pushes. Values of secrets are not in them (see `secretEnvironment`). Values
 * of build arguments are: they end up in the image's history anyway, and in the environment one named PATH or
 * DOCKER_HOST would be docker's own.
 *
 * @param metadataFile that buildx writes the digest to
 */
export function buildxArgs(build: Build, metadataFile: string): string[] {
  return [
    'buildx',
    'build',
    '--progress=plain',
    '--push',
    `--metadata-file=${metadataFile}`,
    ...Object.keys(build.secrets).flatMap((id, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
    ...(build.provenance === undefined ? [] : [`--provenance=${build.provenance}`]),
    ...commonArgs(build),
  ];
}

/** The arguments of `docker` without buildx, for the builder that is built into the daemon. */
export function plainBuildArgs(build: Build): string[] {
  return ['build', ...commonArgs(build)];
}

function commonArgs(build: Build): string[] {
  const pairs = (record: Readonly<Record<string, string>>) =>
    Object.keys(record)
      .sort()
      .map((name) => `${name}=${record[name]}`);
  return [
    '--file',
    path.resolve(build.workspace, build.dockerfile),
    '--tag',
    build.reference,
    ...pairs(build.buildArgs).flatMap((pair) => ['--build-arg', pair]),
    ...pairs(build.labels).flatMap((pair) => ['--label', pair]),
    ...(build.platforms.length === 0 ? [] : ['--platform', build.platforms.join(',')]),
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...(build.pull ? ['--pull'] : []),
    path.resolve(build.workspace, build.context),
  ];
}

const secretVariable = (index: number) => `BUILD_SECRET_${index}`;

/** The variables that `buildxArgs` refers to. */
export function secretEnvironment(secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.values(secrets).map((value, index) => [secretVariable(index), value]));
}

export interface DockerOptions {
  /** The environment for docker; the inputs of the action, some of them secrets, are not handed on. */
  readonly env: NodeJS.ProcessEnv;
  /** Private folder with the configuration that can push; also for files that live as long as the build. */
  readonly configFolder: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Builds and pushes.
 *
 * @returns the digest that was pushed; undefined when docker does not tell
 * @throws ImageError with the last lines of docker, or with what to do where there is no docker
 */
export async function buildAndPush(build: Build, options: DockerOptions): Promise<string | undefined> {
  const { log, signal, configFolder } = options;
  const inherited = Object.entries(options.env).filter(([name]) => !name.startsWith('INPUT_'));
  const env = { ...Object.fromEntries(inherited), DOCKER_CONFIG: configFolder };
  const docker = (args: readonly string[], more: NodeJS.ProcessEnv = {}, onLine?: (line: string) => void) =>
    startDocker(args, { env: { ...env, ...more }, signal, ...(onLine ? { onLine } : {}) });
  // The bar keeps the runner from taking a line that starts with `::` for a command.
  const show = (line: string) => {
    if (line.trim() !== '') log.info(`  │ ${line.replaceAll('##[', '## [')}`);
  };

  const buildx = await docker(['buildx', 'version']);
  if (buildx.code === 0) {
    const metadataFile = path.join(configFolder, 'build-metadata.json');
    const result = await docker(buildxArgs(build, metadataFile), secretEnvironment(build.secrets), show);
    if (result.code !== 0) throw buildError('docker build', build, result);
    return pushedDigest(metadataFile);
  }

  refuseWithoutBuildx(build);
  log.info(
    'There is no buildx: building with plain "docker build" and "docker push". docker/setup-buildx-action adds it.',
  );
  const built = await docker(plainBuildArgs(build), { DOCKER_BUILDKIT: '0' }, show);
  if (built.code !== 0) throw buildError('docker build', build, built);
  const pushed = await docker(['push', build.reference], {}, show);
  if (pushed.code !== 0) throw buildError('docker push', build, pushed);
  return undefined;
}

async function pushedDigest(metadataFile: string): Promise<string | undefined> {
  try {
    const metadata = JSON.parse(await readFile(metadataFile, 'utf8')) as Record<string, unknown>;
    const digest = metadata['containerimage.digest'];
    return typeof digest === 'string' ? digest : undefined;
  } catch {
    // Not every builder writes it, and the registry knows as well.
    return undefined;
  }
}

async function startDocker(args: readonly string[], options: Parameters<typeof runProcess>[2]): Promise<ProcessResult> {
  try {
    return await runProcess('docker', args, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ImageError(
      'There is no docker on this runner, and the image has to be built. Use a runner that has it (GitHub-hosted Linux runners do), or deploy an image that exists: image_tag, image_digest, or a reference as image in the spec.',
      { cause: error },
    );
  }
}

function refuseWithoutBuildx(build: Build): void {
  const needs = [
    ...(Object.keys(build.secrets).length > 0 ? ['build_secrets'] : []),
    ...(build.platforms.length > 1 ? ['more than one of platforms'] : []),
  ];
  if (needs.length === 0) return;
  throw new UserError(
    `docker on this runner has no buildx, which ${needs.join(' and ')} need. Add a step "uses: docker/setup-buildx-action" before this one.`,
  );
}

/** What is known of docker's own words, and what helps. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /permission denied while trying to connect to the docker/i,
    'The user of the runner may not use docker: add it to the group docker, or set DOCKER_HOST to a daemon that it may use.',
  ],
  [
    /cannot connect to the docker daemon|failed to connect to the docker API|error during connect|is the docker daemon running/i,
    'The docker daemon cannot be reached: start it on the runner, or set DOCKER_HOST to where it is.',
  ],
  [
    /no space left on device/i,
    'The disk of the runner is full: free some (docker system prune), or use a larger runner.',
  ],
  [
    /multi-?platform build is not supported|multiple platforms feature is currently not supported/i,
    'Add a step "uses: docker/setup-buildx-action" before this one, whose builder can build for several platforms.',
  ],
  [
    /toomanyrequests|429 Too Many Requests/i,
    'A registry limits how often base images are pulled: log in to it before this step (docker/login-action), or use a mirror.',
  ],
];

function buildError(step: string, build: Build, { code, lastLines }: ProcessResult): ImageError {
  const text = lastLines.join('\n');
  const remedy = remedies.find(([pattern]) => pattern.test(text))?.[1];
  return new ImageError(
    `${step} failed (exit code ${code}) for ${build.dockerfile} with the context ${build.context}.${remedy ? ` ${remedy}` : ''} Its last lines:\n${text}`,
  );
}
