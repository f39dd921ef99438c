import { existsSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { type ConnectionOptions, createSecureContext, type SecureContextOptions } from 'node:tls';
import { ClusterError, UserError } from '../errors.ts';
import type { Connection } from './api.ts';
import { readKubeconfigFile, readPlainKubeconfig } from './kubeconfig.ts';

/**
 * A run makes some twenty requests at once, each answered in milliseconds; a connection costs both sides a TLS handshake.
 * Three of them are held by the watches of a rollout.
 */
const maxSockets = 4;

export interface KubeconfigSource {
  /** The text of a kubeconfig, or the path of one; else the environment variable KUBECONFIG, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** The context to use instead of its current one. */
  readonly context?: string;
}

/** A kubeconfig's text has several lines or is a flow map; a path has neither. */
function isText(kubeconfig: string): boolean {
  return kubeconfig.includes('\n') || kubeconfig.trimStart().startsWith('{');
}

function connectPlainly({ kubeconfig, context }: KubeconfigSource): Connection | undefined {
  const found =
    kubeconfig !== undefined && isText(kubeconfig)
      ? { text: kubeconfig, folder: process.cwd() }
      : readKubeconfigFile(kubeconfig?.trim() ?? process.env.KUBECONFIG);
  const plain = found && readPlainKubeconfig(found.text, found.folder, context);
  if (!plain) return undefined;
  const { server, tls, token, namespace } = plain;
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const url = parseServer(server, 'the kubeconfig');
  return { server: url, agent: agentFor(url, tls), headers: async () => headers, ...(namespace && { namespace }) };
}

/**
 * Connects as a kubeconfig says. Exec plugins, OIDC, proxies and the like are client-node's to handle; it is loaded for
 * those that need it, and for those that are wrong.
 */
export async function connectByKubeconfig(source: KubeconfigSource): Promise<Connection> {
  const plain = connectPlainly(source);
  if (plain) return plain;
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const { kubeconfig, context } = source;
  const file = kubeconfig !== undefined && !isText(kubeconfig) ? path.resolve(kubeconfig.trim()) : undefined;
  const what =
    file ?? (kubeconfig !== undefined ? 'the input kubeconfig' : (process.env.KUBECONFIG ?? '~/.kube/config'));
  if (file !== undefined && !existsSync(file)) {
    throw new UserError(`kubeconfig: there is no file ${file}. Give the path of a kubeconfig, or its whole text.`);
  }
  try {
    if (file !== undefined) config.loadFromFile(file);
    else if (kubeconfig !== undefined) config.loadFromString(kubeconfig);
    else config.loadFromDefault();
  } catch (cause) {
    throw new UserError(`${what} is not a kubeconfig: ${(cause as Error).message}`, { cause });
  }
  const contexts = (config.contexts ?? []).map(({ name }) => name);
  if (context !== undefined) {
    if (!contexts.includes(context)) {
      throw new UserError(`context: ${what} has no context "${context}". It has: ${contexts.join(', ') || 'none'}.`);
    }
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new UserError(
      `${what} does not say which cluster to use: its current-context is "${config.getCurrentContext() ?? ''}", and it has the contexts ${contexts.join(', ') || '(none)'}. Set the input context, or cluster and region for an EKS cluster.`,
    );
  }
  if (cluster.name === 'cluster' && cluster.server === 'http://localhost:8080') {
    throw new UserError(
      'no cluster to deploy to: set the inputs cluster and region (EKS), or kubeconfig, or the environment variable KUBECONFIG.',
    );
  }
  const options: https.RequestOptions = {};
  const apply = async (target: https.RequestOptions) => {
    try {
      await config.applyToHTTPSOptions(target);
    } catch (cause) {
      throw new ClusterError(`${what}: cannot get the credentials of its current user: ${(cause as Error).message}`, {
        cause,
      });
    }
  };
  await apply(options);
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(([, value]) => value !== undefined),
  );
  const server = parseServer(cluster.server, what);
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  return {
    server,
    agent: cluster.proxyUrl ? (options.agent as http.Agent) : agentFor(server, tls),
    headers: async () => {
      const fresh: https.RequestOptions = {};
      await apply(fresh);
      const headers = { ...(fresh.headers as Record<string, string>) };
      if (fresh.auth) headers.Authorization = `Basic ${Buffer.from(fresh.auth).toString('base64')}`;
      return headers;
    },
    ...(namespace !== undefined && { namespace }),
  };
}

/** Connects to a known endpoint with bearer tokens, as to an EKS cluster. */
export function connectByToken(endpoint: string, ca: string, token: () => Promise<string>): Connection {
  const server = parseServer(endpoint, 'the cluster');
  return {
    server,
    agent: agentFor(server, { ca }),
    headers: async () => ({ Authorization: `Bearer ${await token()}` }),
  };
}

function parseServer(server: string, what: string): URL {
  try {
    return new URL(server);
  } catch (cause) {
    throw new UserError(`${what}: the server "${server}" is not a URL.`, { cause });
  }
}

function agentFor(server: URL, tls: SecureContextOptions): http.Agent {
  if (server.protocol === 'http:') return new http.Agent({ keepAlive: true, maxSockets });
  // One context for all connections: else each of them parses the CA, the certificate and the key again.
  const options: https.AgentOptions & ConnectionOptions = { ...tls, secureContext: createSecureContext(tls) };
  return new https.Agent({ ...options, keepAlive: true, maxSockets });
}
