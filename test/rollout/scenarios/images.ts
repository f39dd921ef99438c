import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goBinary } from '../../bed/bed.ts';
import { imageOf, pushImage } from '../../bed/images.ts';
import { registryLogin } from '../../bed/layout.ts';
import { fixture, real, registry, type Scenarios, type Stage, spec } from './scenario.ts';

const program = () => goBinary(path.join(import.meta.dirname, '..', 'fixture'));
const authorization = `Basic ${Buffer.from(`${registryLogin.user}:${registryLogin.password}`).toString('base64')}`;

/** The fixture, marked as a program for another processor. */
async function foreignProgram(): Promise<string> {
  const bytes = Buffer.from(readFileSync(await program()));
  const machine = 18;
  bytes.writeUInt16LE(process.arch === 'x64' ? 0xb7 : 0x3e, machine);
  const file = path.join(tmpdir(), `foreign-${process.pid}`);
  writeFileSync(file, bytes, { mode: 0o755 });
  return file;
}

/** Pushes an index that has the fixture for a processor nobody has. */
async function pushForeignIndex(): Promise<void> {
  const base = `http://${registry}/v2/bed/foreign-index/manifests/1`;
  await pushImage('foreign-index', await program());
  const image = await fetch(base, { headers: { authorization, accept: 'application/vnd.oci.image.manifest.v1+json' } });
  const bytes = await image.text();
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifest = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: image.headers.get('docker-content-digest'),
    size: bytes.length,
    platform: { os: 'linux', architecture: 's390x' },
  };
  const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [manifest] });
  const answer = await fetch(base, { method: 'PUT', headers: { authorization, 'content-type': mediaType }, body });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A registry in front of the bed's: answers `status` for the first `seconds`, then what that one answers. */
async function sickRegistry(port: number, status: number, seconds: number): Promise<void> {
  const started = performance.now();
  const server = createServer(async ({ url, headers, method }, response) => {
    if (performance.now() - started < seconds * 1_000) {
      return response.writeHead(status, { 'retry-after': '1' }).end(status === 429 ? 'toomanyrequests' : 'try later');
    }
    const { accept } = headers;
    const answer = await fetch(`http://${registry}${url}`, {
      method: method ?? 'GET',
      headers: { authorization, ...(accept && { accept }) },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const kept = ['content-type', 'content-length', 'docker-content-digest', 'docker-distribution-api-version'];
    response.writeHead(
      answer.status,
      kept.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name) ?? '']] : [])).flat(),
    );
    response.end(method === 'HEAD' ? undefined : bytes);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  server.unref();
}

const wrongLogin = async ({ namespace, kubectl }: Stage): Promise<void> => {
  const host = `127.0.0.1:${registry.split(':')[1]}`;
  const login = [`--docker-server=${host}`, '--docker-username=AWS', '--docker-password=wrong'];
  await kubectl('-n', namespace, 'create', 'secret', 'docker-registry', 'login', ...login);
};

const lateName = `late-${Date.now()}`;
const sick = (port: number) => fixture.replace(registry, `localhost:${port}`);

export const images: Scenarios = {
  'image-not-found': { how: real, spec: () => spec({}, '', `${fixture}-no-such-tag`), seconds: 50 },
  'image-not-found-by-digest': {
    how: real,
    spec: () => spec({}, '', `${fixture}@sha256:${'0'.repeat(64)}`),
    seconds: 8,
  },
  'image-not-found-heals': {
    how: `${real} The image is pushed 5 s after the Deployment is applied.`,
    spec: () => spec({}, '', imageOf(lateName)),
    meanwhile: [[5, async () => pushImage(lateName, await program())]],
    seconds: 45,
  },
  'image-name-invalid': {
    how: `${real} The image's name has capitals, which is no name at all.`,
    spec: () => spec(),
    change: (pod) => {
      pod.containers[0].image = `${registry}/Web:1`;
    },
    seconds: 6,
  },
  'image-unauthorized': {
    how: `${real} The registry is asked under a name for which the node has no login.`,
    spec: () => spec({}, '', fixture.replace('localhost', '127.0.0.1')),
    seconds: 6,
  },
  'image-wrong-password': {
    how: `${real} The pods have a pull secret with a wrong password.`,
    spec: () => spec({}, '', fixture.replace('localhost', '127.0.0.1')),
    before: wrongLogin,
    change: (pod) => {
      pod.imagePullSecrets = [{ name: 'login' }];
    },
    seconds: 6,
  },
  'image-of-other-platform': {
    how: `${real} The image's index has one platform, which is none of this machine's.`,
    before: pushForeignIndex,
    spec: () => spec({}, '', imageOf('foreign-index')),
    seconds: 6,
  },
  'exec-format-error': {
    how: `${real} The program in the image is one for another processor.`,
    before: async () => pushImage('foreign', await foreignProgram()),
    spec: () => spec({}, '', imageOf('foreign')),
    seconds: 45,
  },
  'registry-429': {
    how: `${real} The registry is a small server that answers 429.`,
    before: () => sickRegistry(18601, 429, 3_600),
    spec: () => spec({}, '', sick(18601)),
    seconds: 30,
  },
  'registry-503': {
    how: `${real} The registry is a small server that answers 503.`,
    before: () => sickRegistry(18602, 503, 3_600),
    spec: () => spec({}, '', sick(18602)),
    seconds: 30,
  },
  'registry-down': {
    how: `${real} Nothing listens where the registry should be.`,
    spec: () => spec({}, '', sick(18603)),
    seconds: 30,
  },
  'registry-unknown': {
    how: `${real} The registry's name does not exist.`,
    spec: () => spec({}, '', 'registry.invalid/web:1'),
    seconds: 30,
  },
  'registry-503-heals': {
    how: `${real} The registry is a small server that answers 503 for its first 8 s.`,
    before: () => sickRegistry(18604, 503, 8),
    spec: () => spec({}, '', sick(18604)),
    seconds: 60,
  },
};
