import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from '../../src/cluster/api.ts';

export interface Watch {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly response: http.ServerResponse;
}

/** An API server as far as watches and logs go: what a test sends is what the watches get. */
export class FakeCluster {
  /** Every watch there ever was, in order. */
  readonly watches: Watch[] = [];
  /** Answers other than a watch, by path. */
  readonly answers = new Map<string, (query: URLSearchParams) => { code: number; text: string }>();
  /** What a new watch of a path gets first. */
  readonly initial = new Map<string, object[]>();
  readonly #server: http.Server;
  #opened = Promise.withResolvers<void>();

  constructor() {
    this.#server = http.createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
      const answer = this.answers.get(pathname)?.(searchParams);
      if (answer) return response.writeHead(answer.code).end(answer.text);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const watch = { path: pathname, query: searchParams, response };
      this.watches.push(watch);
      if (!searchParams.has('resourceVersion')) {
        for (const object of this.initial.get(pathname) ?? []) this.send(watch, 'ADDED', object);
      }
      this.#opened.resolve();
      this.#opened = Promise.withResolvers();
      return undefined;
    });
  }

  async start(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, as a server that is stopped does. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  send({ response }: Watch, type: string, object: object): void {
    response.write(`${JSON.stringify({ type, object })}\n`);
  }

  /** The `count`th watch of a path, once it is there; the first is 1. */
  async watch(path: string, count = 1): Promise<Watch> {
    for (;;) {
      const found = this.watches.filter((watch) => watch.path === path)[count - 1];
      if (found) return found;
      await this.#opened.promise;
    }
  }
}

/** An Api that talks to a fake cluster. */
export function apiOf(port: number): Api {
  const agent = new http.Agent({ keepAlive: true });
  const server = new URL(`http://127.0.0.1:${port}`);
  return new Api({ server, agent, headers: async () => ({}) }, new AbortController().signal);
}
