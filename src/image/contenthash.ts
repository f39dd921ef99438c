/** The tag of an image that is built from the repository: a hash of everything that decides what is in it. */

import { createHash } from 'node:crypto';

/** One thing that is sent to the build, by its path relative to the context, with slashes. */
export type ContextEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** The owner's executable bit: the only part of a mode that git keeps. */
      readonly executable: boolean;
      /** Hex. */
      readonly sha256: string;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  /** Only one of which nothing else is sent: the others follow from what they hold. */
  | { readonly kind: 'directory'; readonly path: string };

export interface ImageContent {
  /** SHA-256 of the Dockerfile, in hex. It counts even where it lies outside the context or is ignored in it. */
  readonly dockerfile: string;
  /** What is sent after `.dockerignore`, in any order. */
  readonly entries: readonly ContextEntry[];
  readonly buildArgs: Readonly<Record<string, string>>;
  /**
   * The ids of the build secrets: a build without a secret can go another way than one with it. Their values never
   * count, so that nothing about them can be learned from a tag and a rotated token builds nothing.
   */
  readonly secretIds: readonly string[];
  readonly target?: string;
  /** `os/arch`, in any order. */
  readonly platforms: readonly string[];
}

/** Changes when the text below is put together in another way: an old tag then never stands for a new content. */
const format = 'k8s-service-action image content, format 1';

/** By UTF-16 code unit: the same on every machine, whatever its locale. */
const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * 20 hex digits. The hash is SHA-256 over lines of text: the format, then one JSON array for each fact, so that no value
 * can be taken for another. Times, owners and modes beyond the executable bit are no facts. What a base image or a
 * download holds today is none either: `build: always` is for that.
 */
export function contentTag(content: ImageContent): string {
  const facts = [
    ...content.entries.map(entryFact),
    ...Object.entries(content.buildArgs).map(([name, value]) => ['arg', name, value]),
    ...[...new Set(content.secretIds)].map((id) => ['secret', id]),
    ...[...new Set(content.platforms)].map((platform) => ['platform', platform]),
    ...(content.target === undefined ? [] : [['target', content.target]]),
    ['dockerfile', content.dockerfile],
  ];
  const lines = facts.map((fact) => JSON.stringify(fact)).sort(byCodeUnit);
  return createHash('sha256')
    .update(`${[format, ...lines].join('\n')}\n`)
    .digest('hex')
    .slice(0, 20);
}

function entryFact(entry: ContextEntry): readonly string[] {
  switch (entry.kind) {
    case 'file':
      return [entry.executable ? 'executable' : 'file', entry.path, entry.sha256];
    case 'symlink':
      return ['symlink', entry.path, entry.target];
    case 'directory':
      return ['directory', entry.path];
  }
}
