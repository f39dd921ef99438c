import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openRegistry } from '../../src/docker/registry.ts';
import { ImageError } from '../../src/errors.ts';
import type { ImageInputs } from '../../src/image/plan.ts';
import { type PublishOptions, publishImage } from '../../src/publish.ts';
import { keptLog, temporaryFolder, writeTree } from './fakes.ts';

const noBuilds = process.env.BED_NO_BUILDS;
const commit = '0123456789abcdef0123456789abcdef01234567';
/** What the ECR of the bed gives as its login. */
const credentials = { username: 'AWS', password: '123456789012-auth-token' };

/** A repository with a service, deployed by way of the bed's ECR, registry and docker. */
function world(files: Readonly<Record<string, string>>) {
  const namespace = `image-${randomBytes(4).toString('hex')}`;
  const uri = `${process.env.BED_REGISTRY}/${namespace}/web`;
  const workspace = writeTree(temporaryFolder(), files);
  const temp = temporaryFolder();
  const log = keptLog();
  const masked: string[] = [];
  const publish = (inputs: Partial<ImageInputs> = {}, more: Partial<PublishOptions> = {}) =>
    publishImage({
      service: { name: 'web', image: { auto: true } },
      namespace,
      inputs: { build: 'auto', workspace, context: '.', buildArgs: {}, buildSecrets: {}, platforms: [], ...inputs },
      revision: commit,
      source: 'https://github.com/example/web',
      created: new Date('2026-11-22T18:30:00Z'),
      env: { ...process.env, RUNNER_TEMP: temp },
      log,
      mask: (secret) => masked.push(secret),
      signal: new AbortController().signal,
      now: () => new Date(),
      ...more,
    });
  const registry = openRegistry({ repository: uri, credentials, signal: new AbortController().signal });
  return { uri, namespace, workspace, temp, log, masked, publish, registry };
}

/** The docker of this machine, told that a RUN needs no network: the daemon of the bed has none to give. */
function withoutNetwork(temp: string): NodeJS.ProcessEnv {
  const bin = temporaryFolder();
  const script = [
    '#!/bin/sh',
    'PATH="$REAL_PATH"',
    '[ "$2" != build ] || { shift 2; exec docker buildx build --network=none "$@"; }',
    'exec docker "$@"',
  ];
  writeFileSync(path.join(bin, 'docker'), `${script.join('\n')}\n`, { mode: 0o755 });
  return { ...process.env, RUNNER_TEMP: temp, REAL_PATH: process.env.PATH, PATH: `${bin}:${process.env.PATH}` };
}

/** The configuration of an image, as the registry has it. */
async function configOf({ uri, registry }: ReturnType<typeof world>, digest: string) {
  const { config } = JSON.parse((await registry.manifest(digest)).bytes.toString()) as { config: { digest: string } };
  const [host, ...name] = uri.split('/');
  const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  const answer = await fetch(`http://${host}/v2/${name.join('/')}/blobs/${config.digest}`, {
    headers: { authorization },
  });
  return (await answer.json()) as { config: { Labels: Record<string, string>; Env?: string[] } };
}

const hello = { Dockerfile: 'FROM scratch\nARG GREETING\nENV GREETING=$GREETING\nCOPY hello /', hello: 'hello' };

describe.skipIf(noBuilds)(`a real build${noBuilds ? `: not here, ${noBuilds}` : ''}`, () => {
  test('is in the registry under both tags, with its labels, and the next run needs no docker', async () => {
    const here = world(hello);
    const { publish, registry, uri, temp, log, masked } = here;
    const inputs = { buildArgs: { GREETING: 'good day; $HOME' } };
    const first = await publish(inputs);
    const { tag = '', digest = '' } = first.image;
    expect(first).toMatchObject({ image: { repository: uri }, dockerRepoUrl: uri, built: true });
    expect(await registry.digestOf(tag)).toBe(digest);
    expect(await registry.digestOf(commit)).toBe(digest);
    expect((await configOf(here, digest)).config).toMatchObject({
      Env: expect.arrayContaining(['GREETING=good day; $HOME']),
      Labels: {
        'org.opencontainers.image.revision': commit,
        'org.opencontainers.image.source': 'https://github.com/example/web',
        'org.opencontainers.image.created': '2026-11-22T18:30:00.000Z',
      },
    });
    expect(readdirSync(temp)).toEqual([]);
    expect(masked).toContain(credentials.password);
    expect(log.lines.join('\n')).not.toContain(credentials.password);

    // Neither the program nor the daemon can be found.
    const env = { PATH: temporaryFolder(), DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    expect(await publish(inputs, { env })).toEqual({ image: first.image, dockerRepoUrl: uri, built: false });

    // And by its commit, as a redeploy names it.
    expect((await publish({ imageTag: commit }, { env })).image).toEqual({ repository: uri, tag: commit, digest });
  });

  test('makes the repository once: immutable, scanned, tagged, with its policy', async () => {
    const { publish, namespace } = world(hello);
    await publish();
    const sdk = await import('@aws-sdk/client-ecr');
    const client = new sdk.ECRClient({});
    const repositoryName = `${namespace}/web`;
    const describe = new sdk.DescribeRepositoriesCommand({ repositoryNames: [repositoryName] });
    const repository = (await client.send(describe)).repositories?.[0];
    expect(repository).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    const resourceArn = repository?.repositoryArn;
    expect((await client.send(new sdk.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { Key: 'managed-by', Value: 'k8s-service-action' },
    ]);
    const policy = await client.send(new sdk.GetLifecyclePolicyCommand({ repositoryName }));
    expect(JSON.parse(policy.lifecyclePolicyText ?? '').rules).toHaveLength(2);
  });

  test('that fails ends with the last lines of docker', async () => {
    const { publish, temp, registry } = world({ 'web/Dockerfile': 'FROM scratch\nCOPY missing.txt /' });
    const error = await publish({ context: 'web' }).catch((error) => error);
    expect(error).toBeInstanceOf(ImageError);
    expect(error.message).toMatch(/^docker build failed \(exit code 1\) for web\/Dockerfile with the context web\./);
    expect(error.message).toMatch(/"\/missing\.txt":? not found/);
    expect(error.message.split('\n').length).toBeLessThanOrEqual(26);
    expect(await registry.digestOf(commit)).toBeUndefined();
    expect(readdirSync(temp)).toEqual([]);
  });

  test('has its secrets, which are in no line and no argument of ours', async () => {
    // kubectl is here because it is one static program that can show a file.
    const { publish, workspace, temp, log } = world({
      Dockerfile: [
        'FROM scratch AS work',
        'COPY kubectl marker /',
        'RUN --mount=type=secret,id=kube.config,required=true ["/kubectl", "--kubeconfig=/run/secrets/kube.config", "config", "current-context"]',
        'FROM scratch',
        'COPY --from=work /marker /',
      ].join('\n'),
      // Else the builder has it from the last time, and the secret is not needed.
      marker: randomBytes(8).toString('hex'),
    });
    copyFileSync(process.env.BED_KUBECTL as string, path.join(workspace, 'kubectl'));
    const value = 'apiVersion: v1\nkind: Config\ncurrent-context: hunter2\ncontexts: [{name: hunter2, context: {}}]';
    await publish({ buildSecrets: { 'kube.config': value } }, { env: withoutNetwork(temp) });
    expect(log.lines.filter((line) => line.includes('hunter2'))).toEqual([
      expect.stringMatching(/│ #\d+ [\d.]+ hunter2$/),
    ]);
  });

  test('that is cancelled ends at once and leaves nothing behind', async () => {
    const { publish, workspace, temp, log, registry } = world({
      Dockerfile: 'FROM scratch\nCOPY kubectl /\nRUN ["/kubectl", "proxy", "--port=8001"]',
    });
    copyFileSync(process.env.BED_KUBECTL as string, path.join(workspace, 'kubectl'));
    const cancelled = new AbortController();
    const reason = new Error('cancelled');
    const running = publish({}, { signal: cancelled.signal, env: withoutNetwork(temp) });
    let ended = false;
    running
      .catch(() => {})
      .finally(() => {
        ended = true;
      });
    while (!ended && !log.lines.some((line) => line.includes('Starting to serve'))) await setTimeout(50);
    cancelled.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(readdirSync(temp)).toEqual([]);
    expect(await registry.digestOf(commit)).toBeUndefined();
  });

  test('goes without buildx too, and says so', async ({ skip }) => {
    const { publish, temp, log, registry } = world(hello);
    const home = temporaryFolder();
    mkdirSync(path.join(home, '.docker'));
    const env = { ...process.env, HOME: home, DOCKER_CONFIG: path.join(home, '.docker'), RUNNER_TEMP: temp };
    const { image, built } = await publish({}, { env });
    expect(built).toBe(true);
    expect(await registry.digestOf(image.tag as string)).toBe(image.digest);
    const said = log.lines.some((line) => line.includes('There is no buildx'));
    skip(!said, 'buildx is installed for the whole machine');
  });

  test('cannot reach a daemon that is not there, and says what to do', async () => {
    const { publish } = world(hello);
    const env = { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    await expect(publish({}, { env })).rejects.toThrow(/daemon cannot be reached: start it on the runner/);
  });
});
