import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, ClusterError } from '../errors.ts';

/** How to reach a cluster and as whom. */
export interface Connection {
  /** Base URL of the API server. */
  readonly server: URL;
  readonly agent: http.Agent;
  /** Headers that say who asks; asked for again before each request, since tokens expire. */
  headers(): Promise<Record<string, string>>;
  /** The namespace the kubeconfig's context names. */
  readonly namespace?: string;
}

/** The body of a refusal. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly kind?: string;
    readonly name?: string;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** The API server answered, and the answer was no. */
export class ApiError extends ClusterError {
  readonly code: number;
  readonly status: Status;

  constructor(code: number, status: Status) {
    super(status.message ?? `the API server answered ${code}`);
    this.code = code;
    this.status = status;
  }
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface ApiResponse<T> {
  /** HTTP status: 201 where a server-side apply created the object. */
  readonly code: number;
  readonly body: T;
}

/** Milliseconds. Together they end a run against a cluster that never answers within 20 s. */
const unreachedTimeout = 7_000;
const unreachableAfter = 12_000;
const responseTimeout = 60_000;

/** Failures of a connection that another try can heal: a restarting API server, a load balancer between two of them. */
const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Refusals that another try can heal. All requests made here can be repeated without harm. */
const overloaded = new Set([429, 500, 502, 503, 504]);

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** The API of one cluster: requests as the server defines them, bodies as JSON, refusals as `ApiError`. */
export class Api {
  readonly connection: Connection;
  readonly #signal: AbortSignal;
  readonly #closed = new AbortController();
  /** Whether the server has answered anything yet. */
  #reached = false;

  constructor(connection: Connection, signal: AbortSignal) {
    this.connection = connection;
    this.#signal = AbortSignal.any([signal, this.#closed.signal]);
  }

  /** Ends what is still under way; the API cannot be used afterwards. */
  close(): void {
    this.#closed.abort();
    this.connection.agent.destroy();
  }

  /** One request and its answer, tried again while that can help. */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<ApiResponse<T>> {
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.open(method, path, options, responseTimeout);
        const text = await readText(response);
        const code = response.statusCode ?? 0;
        if (code < 400) return { code, body: JSON.parse(text) as T };
        throw new ApiError(code, parseStatus(text, code));
      } catch (error) {
        if (this.#signal.aborted) throw new CancelledError('cancelled', { cause: error });
        const wait = this.#retryDelay(error, attempt, performance.now() - started);
        if (wait === undefined) throw error instanceof ApiError ? error : this.#unreachable(error);
        await sleep(wait, undefined, { signal: this.#signal });
      }
    }
  }

  /** Sends a request and gives the answer's head; the caller reads the body, or follows it as it grows. */
  async open(method: string, path: string, options: RequestOptions, timeout: number): Promise<http.IncomingMessage> {
    const { server, agent } = this.connection;
    const url = new URL(server.pathname.replace(/\/$/, '') + path, server);
    for (const [key, value] of Object.entries(options.query ?? {})) url.searchParams.set(key, value);
    const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
    const signal = options.signal ? AbortSignal.any([this.#signal, options.signal]) : this.#signal;
    const headers = {
      accept: 'application/json',
      'user-agent': 'k8s-service-action',
      ...(body && { 'content-type': options.contentType ?? 'application/json', 'content-length': body.length }),
      ...(await this.connection.headers()),
    };
    return new Promise((resolve, reject) => {
      const send = server.protocol === 'http:' ? http.request : https.request;
      const request = send(url, { method, agent, headers, signal });
      const tooLong = () => request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
      // Counted from here, not from the connection: a request may also wait for one of those there are.
      const waiting = setTimeout(tooLong, this.#reached ? timeout : unreachedTimeout);
      request.setTimeout(timeout, tooLong);
      request.on('close', () => clearTimeout(waiting));
      request.on('response', () => {
        this.#reached = true;
        clearTimeout(waiting);
      });
      request.on('error', reject);
      request.on('response', resolve);
      request.end(body);
    });
  }

  /** Milliseconds to wait before another try; none when it would not help. */
  #retryDelay(error: unknown, attempt: number, elapsed: number): number | undefined {
    const backoff = Math.min(200 * 2 ** (attempt - 1), 2_000);
    if (error instanceof ApiError) {
      if (!overloaded.has(error.code) || attempt >= 6) return undefined;
      return Math.max(backoff, 1_000 * (error.status.details?.retryAfterSeconds ?? 0));
    }
    return passing.has(codeOf(error)) && elapsed < unreachableAfter ? backoff : undefined;
  }

  #unreachable(error: unknown): ClusterError {
    const { server } = this.connection;
    const code = codeOf(error);
    const hints: Record<string, string> = {
      ENOTFOUND: 'That name is not known: check the server of the kubeconfig, or the cluster and region.',
      ECONNREFUSED: 'Nothing listens there: check the server of the kubeconfig.',
      ETIMEDOUT: 'Is the endpoint private? Then the runner must be in its network.',
      DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is not signed by the CA that the kubeconfig names.',
      SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is not signed by the CA that the kubeconfig names.',
      UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is not signed by the CA that the kubeconfig names.',
      CERT_HAS_EXPIRED: 'Its certificate has expired.',
    };
    const said = error instanceof Error && error.message ? error.message : String(error);
    const hint = hints[code] ?? '';
    return new ClusterError(`cannot reach the cluster at ${server.origin}: ${said}. ${hint}`.trim(), { cause: error });
  }
}

/** Reads an answer to its end. */
export async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The Status of a refusal; a proxy in between may have answered with something else. */
export function parseStatus(text: string, code: number): Status {
  try {
    const status = JSON.parse(text) as Status & { kind?: string };
    if (status.kind === 'Status') return status;
  } catch {
    // Not JSON: a load balancer's page.
  }
  return { message: `the API server answered ${code}: ${text.slice(0, 300).trim() || 'no text'}` };
}
