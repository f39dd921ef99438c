/**
 * Stands in front of moto as the AWS endpoint. Forwards everything, and rewrites what moto cannot know: ECR's addresses
 * to the bed's registry, an EKS cluster's endpoint and authority to the bed's API server.
 */
import { createServer, request as forward, type Server } from 'node:http';
import { pki } from './certificates.ts';
import { loopback, ports, registry } from './layout.ts';
import type { Log } from './progress.ts';

export interface Replacements {
  /** host:port of the registry. */
  readonly registry: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** Base64 of the PEM certificate of the API server's authority. */
  readonly authority: string;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const ecrHost = /^(https?:\/\/)?\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?=\/|$)/;

/** An answer of moto as the bed gives it. ECR's registry URL becomes plain HTTP, which is what the bed's registry speaks. */
export function rewrite(value: Json, replacements: Replacements): Json {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, replacements));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, item]): [string, Json] => {
    if ((name === 'repositoryUri' || name === 'proxyEndpoint') && typeof item === 'string') {
      return [
        name,
        item.replace(ecrHost, (_, scheme?: string) => `${scheme ? 'http://' : ''}${replacements.registry}`),
      ];
    }
    if (name === 'cluster' && isCluster(item)) {
      const authority = { data: replacements.authority };
      return [name, { ...item, endpoint: replacements.endpoint, certificateAuthority: authority }];
    }
    return [name, rewrite(item, replacements)];
  });
  return Object.fromEntries(entries);
}

const isCluster = (value: Json): value is { [name: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && 'endpoint' in value && 'arn' in value;

/** The proxy; `moto` is its URL, `log` gets a line for each request. */
export function awsProxy(moto: string, replacements: Replacements, log: Log = () => {}): Server {
  return createServer((request, response) => {
    // A compressed answer could not be rewritten.
    const { 'accept-encoding': _, ...headers } = request.headers;
    const onward = forward(
      new URL(request.url ?? '/', moto),
      { method: request.method ?? 'GET', headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const body = rewriteBody(Buffer.concat(chunks), replacements);
          const { 'transfer-encoding': __, ...kept } = answer.headers;
          response.writeHead(answer.statusCode ?? 502, { ...kept, 'content-length': body.length }).end(body);
          log(`${request.method} ${request.headers['x-amz-target'] ?? request.url} ${answer.statusCode}`);
        });
      },
    );
    onward.on('error', (error) => response.writeHead(502).end(`The bed's moto does not answer: ${error.message}`));
    request.pipe(onward);
  });
}

function rewriteBody(body: Buffer, replacements: Replacements): Buffer {
  try {
    return Buffer.from(JSON.stringify(rewrite(JSON.parse(body.toString()) as Json, replacements)));
  } catch {
    return body; // XML (IAM, STS) has nothing to rewrite.
  }
}

if (import.meta.main) {
  const { readFileSync } = await import('node:fs');
  const [, , endpoint = ''] = process.argv;
  const authority = readFileSync(pki('ca.crt')).toString('base64');
  awsProxy(`http://${loopback}:${ports.moto}`, { registry, endpoint, authority }, console.log).listen(
    ports.aws,
    loopback,
  );
}
