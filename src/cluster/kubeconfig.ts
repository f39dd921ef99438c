import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** What a plain kubeconfig says: where, as whom, and the namespace its context names. */
export interface PlainKubeconfig {
  readonly server: string;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer; readonly servername?: string };
  readonly token?: string;
  readonly namespace?: string;
}

type Entry = Readonly<Record<string, unknown>>;

const clusterFields = new Set(['server', 'tls-server-name', 'certificate-authority', 'certificate-authority-data']);
const userFields = new Set(['token', 'client-certificate', 'client-certificate-data', 'client-key', 'client-key-data']);

function find(list: unknown, name: unknown, kind: string): Entry | undefined {
  if (!Array.isArray(list)) return undefined;
  const matches = list.filter((one: Entry | null) => one?.name === name);
  const entry = matches.length === 1 ? (matches[0] as Entry)[kind] : undefined;
  return typeof entry === 'object' && entry !== null ? (entry as Entry) : undefined;
}

function content(entry: Entry, field: string, folder: string): Buffer | undefined {
  const { [`${field}-data`]: data, [field]: file } = entry;
  if (typeof data === 'string') return Buffer.from(data, 'base64');
  return typeof file === 'string' ? readFileSync(path.resolve(folder, file)) : undefined;
}

/**
 * Reads a kubeconfig of the plain kind: one file, a server, certificates or a token, nothing that has to be run, asked for
 * or gone through. Most are, and client-node, which reads every kind, would add a sixth to the time of a run that changes
 * nothing. What is not plain, or not right, gives nothing here: client-node reads it, and says what is wrong with it.
 *
 * @param folder what relative paths in the file start from
 */
export function readPlainKubeconfig(text: string, folder: string, context?: string): PlainKubeconfig | undefined {
  try {
    const config = parse(text) as Entry;
    const { cluster, user, namespace } = find(config.contexts, context ?? config['current-context'], 'context') ?? {};
    const where = find(config.clusters, cluster, 'cluster');
    const who = find(config.users, user, 'user');
    if (!where || !who || typeof where.server !== 'string' || !where.server.startsWith('https:')) return undefined;
    if (!Object.keys(where).every((field) => clusterFields.has(field))) return undefined;
    if (!Object.keys(who).every((field) => userFields.has(field))) return undefined;
    const ca = content(where, 'certificate-authority', folder);
    const cert = content(who, 'client-certificate', folder);
    const key = content(who, 'client-key', folder);
    const servername = where['tls-server-name'];
    return {
      server: where.server,
      tls: {
        ...(ca && { ca }),
        ...(cert && { cert }),
        ...(key && { key }),
        ...(typeof servername === 'string' && { servername }),
      },
      ...(typeof who.token === 'string' && { token: who.token }),
      ...(typeof namespace === 'string' && { namespace }),
    };
  } catch {
    return undefined;
  }
}

/** The text of a kubeconfig that is one file, and the folder it is in; nothing where it is several files, or none. */
export function readKubeconfigFile(file: string | undefined): { text: string; folder: string } | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  return { text: readFileSync(file, 'utf8'), folder: path.dirname(path.resolve(file)) };
}
