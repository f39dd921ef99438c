/** Requests of the bed to its own parts. */
import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { type RequestOptions, request as secure } from 'node:https';
import { connect } from 'node:net';
import { kubeconfig, pki } from './certificates.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The Location header, empty without one. */
  readonly location: string;
}

/** One request; throws when nobody answers within five seconds. `tls` is for servers of the bed's own authority. */
export function send(url: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const make = url.startsWith('https:') ? secure : plain;
    const request = make(url, { timeout: 5_000, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          location: response.headers.location ?? '',
        }),
      );
    });
    request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** Whether a GET is answered with success, whoever signed the certificate: only the bed listens there. */
export const answers = async (url: string): Promise<boolean> =>
  (await send(url, { rejectUnauthorized: false })).status < 300;

export const listens = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

export const listensOn = (unixSocket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(unixSocket);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** Asks the API server as its administrator. */
export async function askApiServer(path: string): Promise<Answer> {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { clusters: [{ cluster: { server: string } }] };
  const [ca, cert, key] = ['ca.crt', 'admin.crt', 'admin.key'].map((name) => readFileSync(pki(name)));
  return send(`${config.clusters[0].cluster.server}${path}`, { ca, cert, key } as RequestOptions);
}

/** An object of the API server, or undefined when it is not there. */
export async function getObject<T>(path: string): Promise<T | undefined> {
  const { status, body } = await askApiServer(path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`The API server answers ${status} for ${path}: ${body.slice(0, 500)}`);
  return JSON.parse(body) as T;
}
