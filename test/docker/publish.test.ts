import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AwsError, ImageError, UserError } from '../../src/errors.ts';
import type { ImageInputs } from '../../src/image/plan.ts';
import { type PublishOptions, publishImage } from '../../src/publish.ts';
import { awsError, type EcrAnswer, ecrToken, serveEcr } from '../aws/fake-aws.ts';
import { fakeDocker, keptLog, login, serveRegistry, temporaryFolder, writeTree } from './fakes.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const type = 'application/vnd.oci.image.manifest.v1+json';

/** A repository with a service, an ECR, a registry and a docker; `publish` is one run. */
async function world(
  mode: Parameters<typeof fakeDocker>[0] = 'ok',
  ecrAnswers: Readonly<Record<string, EcrAnswer>> = {},
  intercept?: Parameters<typeof serveRegistry>[0],
) {
  const registry = await serveRegistry(intercept);
  const ecr = await serveEcr(registry.host, ecrAnswers);
  const docker = fakeDocker(mode);
  const workspace = writeTree(temporaryFolder(), { Dockerfile: 'FROM scratch\nCOPY . .', 'app.js': 'app' });
  const log = keptLog();
  const masked: string[] = [];
  const publish = (inputs: Partial<ImageInputs> = {}, more: Partial<PublishOptions> = {}) =>
    publishImage({
      service: { name: 'web', image: { auto: true } },
      namespace: 'prod',
      inputs: { build: 'auto', workspace, context: '.', buildArgs: {}, buildSecrets: {}, platforms: [], ...inputs },
      revision: commit,
      source: 'https://github.com/example/web',
      created: new Date('2026-11-22T18:30:00Z'),
      env: docker.env,
      log,
      mask: (secret) => masked.push(secret),
      signal: new AbortController().signal,
      now: () => new Date('2026-11-22T19:00:00Z'),
      ...more,
    });
  return { registry, ecr, docker, workspace, log, masked, publish, uri: `${registry.host}/prod/web` };
}

describe('a first deploy', () => {
  test('builds, pushes, and tags with the content and with the commit', async () => {
    const { publish, registry, docker, uri, log, masked } = await world();
    const published = await publish();
    const { tag = '', digest = '' } = published.image;
    expect(tag).toMatch(/^[0-9a-f]{20}$/);
    expect(published).toEqual({
      image: { repository: uri, tag, digest: registry.manifests.get(`prod/web/${tag}`)?.digest },
      dockerRepoUrl: uri,
      built: true,
      bytes: 1000,
    });
    expect(registry.manifests.get(`prod/web/${commit}`)?.digest).toBe(digest);
    expect(docker.calls().at(-1)?.args).toEqual(
      expect.arrayContaining([
        `org.opencontainers.image.revision=${commit}`,
        'org.opencontainers.image.source=https://github.com/example/web',
        'org.opencontainers.image.created=2026-11-22T18:30:00.000Z',
      ]),
    );
    expect(masked).toEqual([ecrToken, login.password]);
    expect(log.lines.join('\n')).not.toMatch(new RegExp(`${login.password}|${ecrToken}`));
    expect(readdirSync(docker.temp)).toEqual([]);
  });

  test('asks nobody anything before the Dockerfile is there', async () => {
    const { publish, ecr, registry } = await world();
    const failing = publish({ dockerfile: 'docker/Dockerfile' });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(/no Dockerfile at docker\/Dockerfile/);
    expect([...ecr.requests, ...registry.requests]).toEqual([]);
  });
});

describe('a deploy of the same files', () => {
  test('starts no docker, and asks the registry once for each tag', async () => {
    const first = await world();
    const published = await first.publish();
    const before = first.registry.requests.length;
    const { env } = fakeDocker('missing');
    expect(await first.publish({}, { env })).toEqual({
      image: published.image,
      dockerRepoUrl: first.uri,
      built: false,
    });
    expect(first.registry.requests.slice(before).map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  test('of another commit adds that commit to the image', async () => {
    const { publish, registry, docker } = await world();
    const { image } = await publish();
    const calls = docker.calls().length;
    const next = 'f'.repeat(40);
    expect(await publish({}, { revision: next })).toMatchObject({ image, built: false });
    expect(registry.manifests.get(`prod/web/${next}`)?.digest).toBe(image.digest);
    expect(docker.calls()).toHaveLength(calls);
  });

  test('without a commit adds none', async () => {
    const { publish, registry } = await world();
    const { image } = await publish({}, { revision: 'main' });
    expect([...registry.manifests.keys()].sort()).toEqual([`prod/web/${image.tag}`, `prod/web/${image.digest}`].sort());
  });

  test('a changed file is another image', async () => {
    const { publish, workspace } = await world();
    const first = await publish();
    writeTree(workspace, { 'app.js': 'changed' });
    const second = await publish({}, { revision: 'f'.repeat(40) });
    expect(second.built).toBe(true);
    expect(second.image.tag).not.toBe(first.image.tag);
  });

  test('a build secret with another value is not', async () => {
    const { publish } = await world();
    await publish({ buildSecrets: { npm: 'one' } });
    expect((await publish({ buildSecrets: { npm: 'two' } })).built).toBe(false);
    expect((await publish({ buildSecrets: {} })).built).toBe(true);
  });
});

describe('the second tag', () => {
  test('that stands for another image is left, and a warning says so', async () => {
    const { publish, registry, log } = await world();
    const other = registry.put('prod/web', commit, '{"other": true}', type);
    expect((await publish()).built).toBe(true);
    expect(registry.manifests.get(`prod/web/${commit}`)?.digest).toBe(other);
    expect(log.lines.at(-1)).toMatch(/^warning: .*already exists and is immutable/);
  });
});

describe('build', () => {
  test('always builds again, under a tag of its own', async () => {
    const { publish, docker } = await world();
    const first = await publish();
    const second = await publish({ build: 'always' });
    expect(second.built).toBe(true);
    expect(second.image.tag).toBe(`${first.image.tag}-20261122190000`);
    expect(docker.calls().at(-1)?.args).toContain('--pull');
  });

  test('never does not build, nor create a repository', async () => {
    const { publish, ecr, docker } = await world();
    const failing = publish({ build: 'never' });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(/build: never, but prod\/web:[0-9a-f]{20}.*not in the registry/);
    expect(ecr.repositories.size).toBe(0);
    expect(docker.calls()).toEqual([]);
  });

  test('never deploys what is there', async () => {
    const { publish } = await world();
    const { image } = await publish();
    expect(await publish({ build: 'never' })).toMatchObject({ image, built: false });
  });

  test('that fails is an error with the last lines, and no image', async () => {
    const { publish, docker } = await world('fails');
    const failing = publish();
    await expect(failing).rejects.toThrow(ImageError);
    await expect(failing).rejects.toThrow(/docker build failed .* for Dockerfile .*exit code: 2$/s);
    expect(readdirSync(docker.temp)).toEqual([]);
  });

  test('that another job has finished first is used', async () => {
    // Two jobs saw that the tag is missing; the other has pushed before this one does.
    let tag = '';
    const { publish, registry, uri, log } = await world('ok', {}, ({ method, url, headers }) => {
      const [, reference = ''] = /manifests\/([0-9a-f]{20})$/.exec(url) ?? [];
      if (method === 'PUT' && reference && headers.authorization && tag === '') {
        tag = reference;
        registry.put('prod/web', tag, '{"by": "the other job"}', type);
      }
      return undefined;
    });
    const { image } = await publish();
    expect(image).toEqual({ repository: uri, tag, digest: registry.manifests.get(`prod/web/${tag}`)?.digest });
    expect(registry.manifests.get(`prod/web/${tag}`)?.bytes.toString()).toBe('{"by": "the other job"}');
    expect(log.lines.join('\n')).toContain('another job has pushed');
  });

  test('without buildx takes the digest from the registry', async () => {
    const { publish, registry } = await world('no-buildx');
    const { image } = await publish();
    expect(image.digest).toBe(registry.manifests.get(`prod/web/${image.tag}`)?.digest);
  });

  test('with .git in its context warns of the token in it', async () => {
    const { publish, workspace, log } = await world();
    writeTree(workspace, { '.git/config': 'token' });
    await publish();
    expect(log.lines.join('\n')).toMatch(/warning: .*\.git is sent to the build.*Add "\.git" to \.dockerignore/);
  });
});

describe('an image that is given', () => {
  test('by tag, by digest or by both is looked up, and neither built nor tagged', async () => {
    const { publish, ecr, registry, docker, uri } = await world();
    ecr.repositories.set('prod/web', {});
    const digest = registry.put('prod/web', 'v1', '{}', type);
    const dockerRepoUrl = uri;
    const found = (image: object) => ({ image: { repository: uri, ...image }, dockerRepoUrl, built: false });
    expect(await publish({ imageTag: 'v1' })).toEqual(found({ tag: 'v1', digest }));
    expect(await publish({ imageDigest: digest })).toEqual(found({ digest }));
    expect(await publish({ imageTag: 'v1', imageDigest: digest })).toEqual(found({ tag: 'v1', digest }));
    expect(docker.calls()).toEqual([]);
    expect(registry.requests.every(({ method }) => method === 'HEAD')).toBe(true);
  });

  test('needs no files', async () => {
    const { publish, ecr, registry } = await world();
    ecr.repositories.set('prod/web', {});
    registry.put('prod/web', 'v1', '{}', type);
    expect(await publish({ imageTag: 'v1', workspace: '/nowhere' })).toMatchObject({ built: false });
  });

  test.each<[Partial<ImageInputs>, RegExp]>([
    [
      { imageTag: 'v2' },
      /^image_tag: .*\/prod\/web:v2 is not in the registry.*describe-images --repository-name prod\/web/,
    ],
    [{ imageDigest: `sha256:${'a'.repeat(64)}` }, /^image_digest: .*\/prod\/web@sha256:a+ is not in the registry/],
  ])('%j that is not there', async (inputs, message) => {
    const { publish, ecr } = await world();
    ecr.repositories.set('prod/web', {});
    await expect(publish(inputs)).rejects.toThrow(message);
    await expect(publish(inputs)).rejects.toThrow(UserError);
  });

  test('in a repository that is not there either', async () => {
    const { publish, ecr } = await world();
    await expect(publish({ imageTag: 'v1' })).rejects.toThrow(/^image_tag: prod\/web:v1 is not in the registry/);
    expect(ecr.repositories.size).toBe(0);
  });

  test('by a tag and a digest that do not fit', async () => {
    const { publish, ecr, registry } = await world();
    ecr.repositories.set('prod/web', {});
    registry.put('prod/web', 'v1', '{}', type);
    const other = registry.put('prod/web', 'v2', '{"other": true}', type);
    await expect(publish({ imageTag: 'v1', imageDigest: other })).rejects.toThrow(
      /do not fit: .*the tag v1 is sha256:/,
    );
  });
});

describe('an image of the spec', () => {
  test('is used as it is, and asks nobody', async () => {
    const { publish, ecr, registry } = await world();
    const service = { name: 'web', image: { auto: false, reference: 'ghcr.io/org/app:1.0' } } as const;
    expect(await publish({}, { service })).toEqual({
      image: { repository: 'ghcr.io/org/app', tag: '1.0' },
      built: false,
    });
    expect([...ecr.requests, ...registry.requests]).toEqual([]);
  });
});

describe('what can go wrong around it', () => {
  test('ECR refuses', async () => {
    const { publish, docker } = await world('ok', {
      DescribeRepositories: () =>
        awsError('AccessDeniedException', 'is not authorized to perform: ecr:DescribeRepositories'),
    });
    const failing = publish();
    await expect(failing).rejects.toThrow(AwsError);
    await expect(failing).rejects.toThrow(/Allow ecr:DescribeRepositories/);
    expect(docker.calls()).toEqual([]);
  });
});
