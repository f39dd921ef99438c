import { describe, expect, test } from 'vitest';
import { addTag, imageBytes, openRegistry, RegistryError, splitRepository } from '../../src/docker/registry.ts';
import { ImageError } from '../../src/errors.ts';
import { type Answer, login, type ServedRequest, serve, serveRegistry } from './fakes.ts';

const never = new AbortController().signal;
const index = 'application/vnd.oci.image.index.v1+json';
const manifest = 'application/vnd.docker.distribution.manifest.v2+json';

const quick = { credentials: login, signal: never, pauses: [0, 0, 0] };

/** A registry with the image prod/web:abc. */
async function withImage(text = '{}', type = manifest, intercept?: (request: ServedRequest) => Answer | undefined) {
  const server = await serveRegistry(intercept);
  const digest = server.put('prod/web', 'abc', text, type);
  const registry = openRegistry({ ...quick, repository: `${server.host}/prod/web` });
  return { server, digest, registry };
}

describe('looking up', () => {
  test.each([
    manifest,
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.oci.image.manifest.v1+json',
    index,
  ])('a tag of %s is one HEAD', async (type) => {
    const { server, registry, digest } = await withImage('{}', type);
    expect(await registry.digestOf('abc')).toBe(digest);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['HEAD /v2/prod/web/manifests/abc']);
  });

  test('a digest is the same question', async () => {
    const { registry, digest } = await withImage();
    expect(await registry.digestOf(digest)).toBe(digest);
  });

  test('what is not there is undefined', async () => {
    const { registry } = await withImage();
    expect(await registry.digestOf('other')).toBeUndefined();
  });

  test('a registry that does not say the digest has it counted', async () => {
    const server = await serve(() => ({ status: 200, headers: { 'content-type': manifest }, body: '{}' }));
    const registry = openRegistry({ ...quick, repository: `${server.host}/web` });
    // echo -n '{}' | sha256sum
    expect(await registry.digestOf('abc')).toBe(
      'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
  });
});

describe('one more tag', () => {
  test('is the same manifest, byte for byte', async () => {
    const text = '{ "schemaVersion":2,\n\t"spaces": "stay" }';
    const { server, registry, digest } = await withImage(text, index);
    expect(await addTag(registry, digest, 'commit')).toMatchObject({ digest, mediaType: index });
    expect(server.manifests.get('prod/web/commit')).toEqual({ type: index, bytes: Buffer.from(text), digest });
  });

  test('is fine where another job has added it in the meantime', async () => {
    const { server, registry, digest } = await withImage();
    server.put('prod/web', 'commit', '{}', manifest);
    expect(await addTag(registry, digest, 'commit')).toBeUndefined();
  });

  test('is refused where the tag is that of another image', async () => {
    const { server, registry, digest } = await withImage();
    server.put('prod/web', 'commit', '{"other": true}', manifest);
    await expect(addTag(registry, digest, 'commit')).rejects.toThrow(
      /add tag commit.*400.*already exists and is immutable/,
    );
  });
});

describe('a registry that refuses', () => {
  test('a wrong password is not tried again, and the answer says which permissions are needed', async () => {
    const { server } = await withImage();
    const registry = openRegistry({
      ...quick,
      repository: `${server.host}/prod/web`,
      credentials: { username: 'AWS', password: 'wrong' },
    });
    const error = await registry.digestOf('abc').catch((error) => error);
    expect(error).toBeInstanceOf(RegistryError);
    expect(error.message).toMatch(/refused to look up abc in .*: 401 Unauthorized.*ecr:BatchGetImage/s);
    expect(error.message).not.toContain('wrong');
    expect(server.requests).toHaveLength(1);
  });

  test.each([500, 503, 429])('%d is tried again until it heals', async (status) => {
    let left = 3;
    const { server, registry, digest } = await withImage('{}', manifest, () =>
      left-- > 0 ? { status, body: 'try later' } : undefined,
    );
    expect(await registry.digestOf('abc')).toBe(digest);
    expect(server.requests).toHaveLength(4);
  });

  test('and given up at last', async () => {
    const { server, registry } = await withImage('{}', manifest, () => ({ status: 503 }));
    const error = await registry.digestOf('abc').catch((error) => error);
    expect(error).toBeInstanceOf(ImageError);
    expect(error.message).toMatch(/answered 503 Service Unavailable \(4 tries\)/);
    expect(server.requests).toHaveLength(4);
  });
});

describe('a registry that is not there', () => {
  test('is named, with the reason', async () => {
    const { server, registry } = await withImage();
    await server.close();
    await expect(registry.digestOf('abc')).rejects.toThrow(
      new RegExp(`registry ${server.host} could not be reached: connect ECONNREFUSED.*4 tries`),
    );
  });

  test('or never answers, is given up', async () => {
    const server = await serve(() => new Promise(() => {}));
    const registry = openRegistry({ ...quick, repository: `${server.host}/web`, pauses: [], timeout: 50 });
    await expect(registry.digestOf('abc')).rejects.toThrow(/could not be reached: .*timeout/);
  });

  test('does not hold up a job that is cancelled, while asking', async () => {
    const cancelled = new AbortController();
    const reason = new Error('cancelled');
    const server = await serve(() => {
      cancelled.abort(reason);
      return new Promise(() => {});
    });
    const registry = openRegistry({ repository: `${server.host}/web`, signal: cancelled.signal });
    await expect(registry.digestOf('abc')).rejects.toBe(reason);
  });

  test('nor while it waits for the next try', async () => {
    const cancelled = new AbortController();
    const reason = new Error('cancelled');
    const server = await serve(() => {
      setTimeout(() => cancelled.abort(reason), 20);
      return { status: 503 };
    });
    const registry = openRegistry({ repository: `${server.host}/web`, signal: cancelled.signal, pauses: [600_000] });
    await expect(registry.digestOf('abc')).rejects.toBe(reason);
  });
});

describe('names and sizes', () => {
  test('a repository is a host and a name', () => {
    expect(splitRepository('localhost:5000/prod/web')).toEqual({ host: 'localhost:5000', name: 'prod/web' });
  });

  test('the size of an image is what is pulled; that of an index is not known', () => {
    const bytes = (value: object) =>
      imageBytes({ mediaType: '', digest: '', bytes: Buffer.from(JSON.stringify(value)) });
    expect(bytes({ config: { size: 1 }, layers: [{ size: 20 }, { size: 300 }] })).toBe(321);
    expect(bytes({ manifests: [{ size: 20 }] })).toBeUndefined();
  });
});
