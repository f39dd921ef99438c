import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Build, buildAndPush, buildxArgs, plainBuildArgs, secretEnvironment } from '../../src/docker/buildx.ts';
import { withDockerConfig } from '../../src/docker/config.ts';
import { ImageError } from '../../src/errors.ts';
import { fakeDocker, keptLog, login, serveRegistry } from './fakes.ts';

const never = new AbortController().signal;

const small: Build = {
  workspace: '/repo',
  context: '.',
  dockerfile: 'Dockerfile',
  reference: 'localhost:5000/prod/web:abc',
  buildArgs: {},
  secrets: {},
  labels: {},
  platforms: [],
  pull: false,
};

const large: Build = {
  ...small,
  context: 'web',
  dockerfile: '/elsewhere/web.Dockerfile',
  buildArgs: { VERSION: '1.10', GREETING: 'two words; $(and more)' },
  secrets: { npm: 'hunter2', pip: 'hunter3' },
  labels: { 'org.opencontainers.image.revision': '0123', 'org.opencontainers.image.created': '2026-11-22T00:00:00Z' },
  platforms: ['linux/amd64', 'linux/arm64'],
  target: 'release',
  provenance: 'mode=max',
  pull: true,
};

describe('the arguments', () => {
  test('of the smallest build', () => {
    expect(buildxArgs(small, '/private/metadata.json')).toEqual([
      'buildx',
      'build',
      '--progress=plain',
      '--push',
      '--metadata-file=/private/metadata.json',
      '--file',
      '/repo/Dockerfile',
      '--tag',
      'localhost:5000/prod/web:abc',
      '/repo',
    ]);
  });

  test('of a build with everything', () => {
    expect(buildxArgs(large, '/private/metadata.json').slice(5)).toEqual([
      '--secret',
      'id=npm,env=BUILD_SECRET_0',
      '--secret',
      'id=pip,env=BUILD_SECRET_1',
      '--provenance=mode=max',
      '--file',
      '/elsewhere/web.Dockerfile',
      '--tag',
      'localhost:5000/prod/web:abc',
      '--build-arg',
      'GREETING=two words; $(and more)',
      '--build-arg',
      'VERSION=1.10',
      '--label',
      'org.opencontainers.image.created=2026-11-22T00:00:00Z',
      '--label',
      'org.opencontainers.image.revision=0123',
      '--platform',
      'linux/amd64,linux/arm64',
      '--target',
      'release',
      '--pull',
      '/repo/web',
    ]);
  });

  test('of docker without buildx, which knows neither secrets nor provenance', () => {
    expect(plainBuildArgs({ ...large, secrets: {}, platforms: ['linux/arm64'] })).toEqual([
      'build',
      ...buildxArgs({ ...large, platforms: ['linux/arm64'] }, 'm').slice(10),
    ]);
  });

  test('never hold the value of a secret; the environment does', () => {
    expect(buildxArgs(large, 'm').join(' ')).not.toMatch(/hunter/);
    expect(secretEnvironment(large.secrets)).toEqual({ BUILD_SECRET_0: 'hunter2', BUILD_SECRET_1: 'hunter3' });
  });
});

describe('a build', () => {
  async function attempt(mode: Parameters<typeof fakeDocker>[0], more: Partial<Build> = {}, signal = never) {
    const registry = await serveRegistry();
    const docker = fakeDocker(mode);
    const log = keptLog();
    const build = { ...small, reference: `${registry.host}/prod/web:abc`, ...more };
    const outcome = await withDockerConfig(docker.env, registry.host, login, log, (configFolder) =>
      buildAndPush(build, { env: { ...docker.env, INPUT_SECRETS: 'hunter1' }, configFolder, log, signal }),
    ).then(
      (digest) => ({ digest, error: undefined }),
      (error: Error) => ({ digest: undefined, error }),
    );
    return { ...outcome, registry, docker, log, calls: docker.calls() };
  }

  test('pushes with the login of its private configuration, and tells the digest', async () => {
    const { digest, error, registry, docker, log, calls } = await attempt('ok');
    expect(error).toBeUndefined();
    expect(digest).toBe(registry.manifests.get('prod/web/abc')?.digest);
    expect(log.lines).toContain('  │ #1 [internal] load build definition from Dockerfile');
    expect(calls.at(-1)?.config?.mode).toBe('700');
    expect(readdirSync(docker.temp)).toEqual([]);
  });

  test('hands secrets of the build to docker, and inputs of the action not', async () => {
    const { calls } = await attempt('ok', { secrets: { npm: 'hunter2' } });
    expect(calls.at(-1)?.env).toMatchObject({ BUILD_SECRET_0: 'hunter2' });
    expect(calls.at(-1)?.env).not.toHaveProperty('INPUT_SECRETS');
  });

  test('that fails shows the Dockerfile and the last 25 lines', async () => {
    const { error, log } = await attempt('fails', { dockerfile: 'web/Dockerfile' });
    expect(error).toBeInstanceOf(ImageError);
    expect(error?.message).toContain('docker build failed (exit code 1) for web/Dockerfile');
    const lines = error?.message.split('\n') ?? [];
    expect(lines.slice(1)).toHaveLength(25);
    expect(lines[1]).toBe('#7 line 18');
    expect(lines.at(-1)).toContain('did not complete successfully: exit code: 2');
    expect(log.lines).toContain('  │ #7 line 1');
  });

  test('cannot give the runner a command', async () => {
    const { log } = await attempt('fails');
    expect(log.lines.filter((line) => /^\s*::/.test(line))).toEqual([]);
    expect(log.lines).toContain('  │ ::error::not a command of ours');
  });

  test('without a daemon says what to do', async () => {
    const { error } = await attempt('no-daemon');
    expect(error?.message).toMatch(/daemon cannot be reached: start it on the runner, or set DOCKER_HOST/);
  });

  test('without docker says what to do', async () => {
    const { error, docker } = await attempt('missing');
    expect(error).toBeInstanceOf(ImageError);
    expect(error?.message).toMatch(/no docker on this runner.*image_tag/);
    expect(readdirSync(docker.temp)).toEqual([]);
  });

  test('without buildx goes by docker build and docker push, and says so', async () => {
    const { digest, error, registry, log, calls } = await attempt('no-buildx');
    expect(error).toBeUndefined();
    // The registry is asked for it then.
    expect(digest).toBeUndefined();
    expect(registry.manifests.has('prod/web/abc')).toBe(true);
    expect(calls.map(({ args }) => args[0])).toEqual(['buildx', 'build', 'push']);
    expect(calls[1]?.env).toMatchObject({ DOCKER_BUILDKIT: '0' });
    expect(log.lines.join('\n')).toContain('There is no buildx');
  });

  test('without buildx cannot have secrets or several platforms', async () => {
    const { error } = await attempt('no-buildx', { secrets: { npm: 'x' }, platforms: ['linux/amd64', 'linux/arm64'] });
    expect(error?.message).toMatch(/build_secrets and more than one of platforms need.*docker\/setup-buildx-action/);
  });

  test('that is cancelled ends docker before it returns, and leaves nothing behind', async () => {
    const cancelled = new AbortController();
    const reason = new Error('cancelled');
    const registry = await serveRegistry();
    const docker = fakeDocker('hangs');
    const log = keptLog();
    const running = withDockerConfig(docker.env, registry.host, login, log, (configFolder) =>
      buildAndPush(small, { env: docker.env, configFolder, log, signal: cancelled.signal }),
    );
    while (!log.lines.includes('  │ #1 hanging')) await setTimeout(10);
    cancelled.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(docker.calls().at(-1)).toEqual({ terminated: true });
    expect(readdirSync(docker.temp)).toEqual([]);
  });
});
