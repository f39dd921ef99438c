import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** kubectl against the bed, as a person would look at the cluster. */
export function kubectl(args: readonly string[], input?: string): string {
  return execFileSync(process.env.BED_KUBECTL ?? 'kubectl', args, {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
  });
}

/** Objects as they are in the cluster; loosely typed, since tests look at single fields of them. */
// biome-ignore lint/suspicious/noExplicitAny: a test names the field it looks at, and fails where that is not there
export type Any = any;

export function get(namespace: string, kind: string, name: string): Any {
  return JSON.parse(kubectl(['-n', namespace, 'get', kind, name, '-o', 'json']));
}

export function apply(manifest: object): void {
  kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
}

/** `Kind/name resourceVersion` of everything that a deploy could touch in a namespace: equal before and after a run that changed nothing. */
export function stateOf(namespace: string): string[] {
  const kinds = 'namespaces,serviceaccounts,secrets,services,deployments,hpa,pdb,ingresses';
  const { items } = JSON.parse(kubectl(['get', kinds, '-A', '-o', 'json'])) as { items: Any[] };
  return items
    .filter(
      ({ kind, metadata }) => metadata.namespace === namespace || (kind === 'Namespace' && metadata.name === namespace),
    )
    .map(({ kind, metadata }) => `${kind}/${metadata.name} ${metadata.resourceVersion}`)
    .sort();
}

const made: string[] = [];

/** The name of a namespace that no other test uses. */
export function freshNamespace(): string {
  const name = `e2e-${randomBytes(4).toString('hex')}`;
  made.push(name);
  return name;
}

/** Removes the namespaces of this file's tests; what is slow about it happens afterwards. */
export function removeNamespaces(): void {
  if (made.length > 0) kubectl(['delete', 'namespace', '--ignore-not-found', '--wait=false', ...made]);
}
