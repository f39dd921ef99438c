import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { configWith, type DockerConfig, withDockerConfig } from '../../src/docker/config.ts';
import { keptLog, temporaryFolder, writeTree } from './fakes.ts';

const login = { username: 'AWS', password: 'p:w' };
const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
// echo -n AWS:p:w | base64
const auth = { auth: 'QVdTOnA6dw==' };

describe('the configuration with a login', () => {
  test.each<[string, DockerConfig, DockerConfig]>([
    ['none before', {}, { auths: { [host]: auth }, credHelpers: {} }],
    [
      'logins to other registries stay, for base images',
      { auths: { 'ghcr.io': { auth: 'x' } } },
      { auths: { 'ghcr.io': { auth: 'x' }, [host]: auth }, credHelpers: {} },
    ],
    [
      'an older login is replaced',
      { auths: { [host]: { auth: 'old' } } },
      { auths: { [host]: auth }, credHelpers: {} },
    ],
    [
      'a store would hide the login: it is asked for the others only',
      { auths: { 'ghcr.io': {}, [host]: {} }, credsStore: 'desktop' },
      { auths: { 'ghcr.io': {}, [host]: auth }, credHelpers: { 'ghcr.io': 'desktop' } },
    ],
    [
      'so would a helper for this registry',
      { credHelpers: { [host]: 'ecr-login', 'public.ecr.aws': 'ecr-login' } },
      { auths: { [host]: auth }, credHelpers: { 'public.ecr.aws': 'ecr-login' } },
    ],
    [
      'all else stays',
      { currentContext: 'remote', cliPluginsExtraDirs: ['/opt/plugins'], proxies: { default: {} } },
      {
        currentContext: 'remote',
        cliPluginsExtraDirs: ['/opt/plugins'],
        proxies: { default: {} },
        auths: { [host]: auth },
        credHelpers: {},
      },
    ],
  ])('%s', (_, before, after) => {
    expect(configWith(before, host, login)).toEqual(after);
  });
});

describe('the private folder', () => {
  test('has what the original has, and is gone afterwards', async () => {
    const original = writeTree(temporaryFolder(), {
      'config.json': JSON.stringify({ currentContext: 'remote' }),
      'cli-plugins/docker-buildx': 'plugin',
      'buildx/instances/builder': 'instance',
      'contexts/meta/x/meta.json': 'context',
    });
    const temp = temporaryFolder();
    const folder = await withDockerConfig(
      { DOCKER_CONFIG: original, RUNNER_TEMP: temp },
      host,
      login,
      keptLog(),
      async (folder) => {
        expect(readdirSync(folder).sort()).toEqual(['buildx', 'cli-plugins', 'config.json', 'contexts']);
        expect(readFileSync(path.join(folder, 'buildx/instances/builder'), 'utf8')).toBe('instance');
        expect(readFileSync(path.join(folder, 'cli-plugins/docker-buildx'), 'utf8')).toBe('plugin');
        const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
        expect(config).toMatchObject({ currentContext: 'remote', auths: { [host]: auth } });
        expect(statSync(folder).mode & 0o777).toBe(0o700);
        expect(statSync(path.join(folder, 'config.json')).mode & 0o777).toBe(0o600);
        return folder;
      },
    );
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(temp)).toEqual([]);
    // The original is as it was: links were removed, not what they lead to.
    expect(JSON.parse(readFileSync(path.join(original, 'config.json'), 'utf8'))).toEqual({ currentContext: 'remote' });
    expect(existsSync(path.join(original, 'buildx/instances/builder'))).toBe(true);
  });

  test('is gone after a failure, and needs no original', async () => {
    const temp = temporaryFolder();
    const env = { HOME: path.join(temp, 'no-home'), RUNNER_TEMP: temp };
    const failing = withDockerConfig(env, host, login, keptLog(), async () => {
      expect(readdirSync(temp)).toHaveLength(1);
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(readdirSync(temp)).toEqual([]);
  });

  test('does without an original that is broken, and says so', async () => {
    const original = writeTree(temporaryFolder(), { 'config.json': '{' });
    const log = keptLog();
    const env = { DOCKER_CONFIG: original, RUNNER_TEMP: temporaryFolder() };
    expect(await withDockerConfig(env, host, login, log, async () => 'ran')).toBe('ran');
    expect(log.lines.join()).toContain(`${original}/config.json is not JSON`);
  });
});
