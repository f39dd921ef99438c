import { createHash } from 'node:crypto';

/** A hash of what a build is made from: parameters in order, then names and contents of files, whatever order they come in. */
export function buildKey(parameters: readonly string[], files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256').update(JSON.stringify(parameters));
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name) as Buffer;
    hash.update(`\n${JSON.stringify(name)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 20);
}
