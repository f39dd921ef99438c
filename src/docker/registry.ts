/**
 * The little of the OCI distribution protocol that a deploy needs
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md): is a manifest there, and give it another tag.
 */

import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { ImageError } from '../errors.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface RegistryOptions {
  /** Host, port and repository: `localhost:5000/prod/web`. */
  readonly repository: string;
  readonly credentials?: Credentials;
  readonly signal: AbortSignal;
  /** Milliseconds to wait before each further try of a request that the registry could not answer. */
  readonly pauses?: readonly number[];
  /** Milliseconds that one try may take. */
  readonly timeout?: number;
}

export interface Manifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** `sha256:…` */
  readonly digest: string;
}

/** What the registry said to a request that it refused. */
export class RegistryError extends ImageError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** One repository of a registry. Each method throws ImageError when the registry refuses or cannot be reached. */
export interface Registry {
  /** The digest of a tag, or of a digest itself; undefined when it is not there. */
  digestOf(reference: string): Promise<string | undefined>;
  /** A manifest as it is stored, byte for byte. */
  manifest(reference: string): Promise<Manifest>;
  /** Stores a manifest under one more tag. */
  tag(manifest: Manifest, tag: string): Promise<void>;
}

export function openRegistry(options: RegistryOptions): Registry {
  const { host, name } = splitRepository(options.repository);
  const url = (reference: string) => `${isPlain(host) ? 'http' : 'https'}://${host}/v2/${name}/manifests/${reference}`;
  const ask = (method: string, reference: string, body?: Manifest) => request(options, method, url(reference), body);

  async function manifest(reference: string): Promise<Manifest> {
    const response = await ask('GET', reference);
    if (response.status !== 200) throw refusal(options.repository, `read ${reference}`, response);
    const digest = `sha256:${createHash('sha256').update(response.body).digest('hex')}`;
    return { mediaType: response.headers['content-type'] ?? '', bytes: response.body, digest };
  }

  return {
    manifest,
    async digestOf(reference) {
      const response = await ask('HEAD', reference);
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw refusal(options.repository, `look up ${reference}`, response);
      const digest = response.headers['docker-content-digest'];
      // The specification lets a registry leave it out.
      return typeof digest === 'string' ? digest : (await manifest(reference)).digest;
    },
    async tag(stored, tag) {
      const response = await ask('PUT', tag, stored);
      if (response.status !== 201) throw refusal(options.repository, `add tag ${tag}`, response);
    },
  };
}

/**
 * Gives an image one more tag. A registry with immutable tags refuses one that exists.
 *
 * @returns the manifest that was stored; undefined when the tag stands for this digest already
 */
export async function addTag(registry: Registry, digest: string, tag: string): Promise<Manifest | undefined> {
  const manifest = await registry.manifest(digest);
  try {
    await registry.tag(manifest, tag);
    return manifest;
  } catch (error) {
    // Another job may have been first.
    if (error instanceof RegistryError && (await registry.digestOf(tag)) === digest) return undefined;
    throw error;
  }
}

/** The compressed size of an image for one platform; undefined for an index of several. */
export function imageBytes({ bytes }: Manifest): number | undefined {
  const { config, layers } = JSON.parse(bytes.toString()) as { config?: { size: number }; layers?: { size: number }[] };
  return config && layers?.reduce((total, layer) => total + layer.size, config.size);
}

/** `123456789012.dkr.ecr.us-east-1.amazonaws.com/prod/web` → its host and `prod/web`. */
export function splitRepository(repository: string): { readonly host: string; readonly name: string } {
  const slash = repository.indexOf('/');
  return { host: repository.slice(0, slash), name: repository.slice(slash + 1) };
}

/** Docker speaks plain HTTP to registries on the machine itself, and to no others by default. */
function isPlain(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
}

interface Response {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

async function request(options: RegistryOptions, method: string, url: string, body?: Manifest): Promise<Response> {
  const { signal, pauses = [250, 1000, 2000] } = options;
  for (let tries = 0; ; tries += 1) {
    let problem: string;
    let cause: unknown;
    try {
      const response = await once(options, method, url, body);
      if (response.status < 500 && response.status !== 429) return response;
      problem = `answered ${response.status} ${http.STATUS_CODES[response.status] ?? ''}${said(response)}`;
    } catch (error) {
      signal.throwIfAborted();
      problem = `could not be reached: ${describe(error)}`;
      cause = error;
    }
    const pause = pauses[tries];
    if (pause === undefined) {
      throw new ImageError(
        `The registry ${new URL(url).host} ${problem} (${tries + 1} tries). Nothing was deployed. If it works again, run the job again; else check the registry's address and the runner's network.`,
        { cause },
      );
    }
    // The reason of an abort is the error to report, not the timer's own.
    await setTimeout(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function once(options: RegistryOptions, method: string, url: string, body?: Manifest): Promise<Response> {
  const { credentials, signal, timeout = 20_000 } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const sent = (url.startsWith('http:') ? http : https).request(url, {
    method,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    ...(credentials ? { auth: `${credentials.username}:${credentials.password}` } : {}),
    headers: {
      accept: manifestTypes,
      ...(body ? { 'content-type': body.mediaType, 'content-length': body.bytes.length } : {}),
    },
  });
  sent.on('error', reject);
  sent.on('response', (received) => {
    const chunks: Buffer[] = [];
    received.on('error', reject);
    received.on('data', (chunk: Buffer) => chunks.push(chunk));
    received.on('end', () => {
      resolve({ status: received.statusCode ?? 0, headers: received.headers, body: Buffer.concat(chunks) });
    });
  });
  sent.end(body?.bytes);
  return promise;
}

function describe(error: unknown): string {
  const { name, code, message, cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  if (name === 'AbortError' && cause instanceof Error) return cause.message;
  // A host with several addresses fails with one error for each, and no message of its own.
  if (error instanceof AggregateError && message === '') return `${code}: ${error.errors.map(describe).join(', ')}`;
  return message;
}

/** The registry's own words: `{"errors": [{"code": …, "message": …}]}`. An answer to HEAD has none. */
function said({ body }: Response): string {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors: { code: string; message: string }[] };
    return `: ${errors.map(({ code, message }) => `${code} ${message}`).join(', ')}`;
  } catch {
    return '';
  }
}

function refusal(repository: string, doing: string, response: Response): RegistryError {
  const { status } = response;
  const what = `The registry refused to ${doing} in ${repository}: ${status} ${http.STATUS_CODES[status] ?? ''}${said(response)}.`;
  if (status === 401 || status === 403) {
    return new RegistryError(
      `${what} The role of the job needs ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability on this repository to read it, and ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage to push to it.`,
      status,
    );
  }
  return new RegistryError(what, status);
}
