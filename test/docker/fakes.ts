import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '../../src/github/log.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'image-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by their path; a value that starts with `-> ` is a symlink. */
export function writeTree(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), file);
    else writeFileSync(file, text);
  }
  return folder;
}

/** A log that is kept. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    info: (message) => lines.push(message),
    warning: (message) => lines.push(`warning: ${message}`),
    debug: (message) => lines.push(`debug: ${message}`),
    group: (title, body) => {
      lines.push(`group: ${title}`);
      return body();
    },
  };
}

export interface ServedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A server on loopback that is gone after the test. `answer` may never settle: then the client waits. */
export async function serve(answer: (request: ServedRequest) => Answer | Promise<Answer>) {
  const requests: ServedRequest[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request: ServedRequest = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks),
    };
    requests.push(request);
    const { status, headers, body } = await answer(request);
    outgoing.writeHead(status, headers);
    outgoing.end(request.method === 'HEAD' ? undefined : body);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((done) => server.close(done));
  };
  onTestFinished(close);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, requests, close };
}

export const login = { username: 'AWS', password: 'registry-password' };

/**
 * A registry with immutable tags that speaks the distribution protocol to those who know the password.
 *
 * @param intercept answers in place of the registry
 */
export async function serveRegistry(intercept: (request: ServedRequest) => Answer | undefined = () => undefined) {
  const manifests = new Map<string, { readonly type: string; readonly bytes: Buffer; readonly digest: string }>();
  const put = (repository: string, reference: string, text: string, type: string) => {
    const bytes = Buffer.from(text);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    for (const key of [reference, digest]) manifests.set(`${repository}/${key}`, { type, bytes, digest });
    return digest;
  };
  const server = await serve((request) => {
    const intercepted = intercept(request);
    if (intercepted) return intercepted;
    const [, repository = '', reference = ''] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(request.url) ?? [];
    const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
    const error = (status: number, code: string, message: string) => ({
      status,
      body: JSON.stringify({ errors: [{ code, message }] }),
    });
    if (request.headers.authorization !== `Basic ${basic}`)
      return error(401, 'UNAUTHORIZED', 'authentication required');
    const found = manifests.get(`${repository}/${reference}`);
    if (request.method === 'PUT') {
      // As ECR words it.
      if (found) return error(400, 'TAG_INVALID', `The image tag '${reference}' already exists and is immutable.`);
      const digest = put(repository, reference, request.body.toString(), request.headers['content-type'] ?? '');
      return { status: 201, headers: { 'docker-content-digest': digest } };
    }
    if (!found) return error(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    if (!request.headers.accept?.includes(found.type)) return error(404, 'MANIFEST_UNKNOWN', 'not acceptable');
    return {
      status: 200,
      headers: { 'content-type': found.type, 'docker-content-digest': found.digest },
      body: found.bytes,
    };
  });
  return { ...server, manifests, put };
}

export interface DockerCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly config?: {
    readonly folder: string;
    readonly mode: string;
    readonly names: readonly string[];
    readonly json: Record<string, unknown>;
  };
  readonly terminated?: boolean;
}

/** An environment whose only docker is `fake-docker.mjs`, and what that was called with. */
export function fakeDocker(mode: 'ok' | 'no-buildx' | 'fails' | 'no-daemon' | 'hangs' | 'missing' = 'ok') {
  const folder = temporaryFolder();
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  mkdirSync(path.join(folder, 'temp'));
  symlinkSync(process.execPath, path.join(bin, 'node'));
  if (mode !== 'missing') symlinkSync(path.join(import.meta.dirname, 'fake-docker.mjs'), path.join(bin, 'docker'));
  const log = path.join(folder, 'calls');
  writeFileSync(log, '');
  const env: NodeJS.ProcessEnv = {
    PATH: bin,
    HOME: folder,
    RUNNER_TEMP: path.join(folder, 'temp'),
    FAKE_DOCKER: mode,
    FAKE_DOCKER_LOG: log,
  };
  const calls = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as DockerCall);
  return { env, home: folder, temp: path.join(folder, 'temp'), calls };
}
