import type { Position } from './diagnostic.ts';
import { quote } from './fault.ts';
import type { FieldPath } from './service.ts';

/** A piece of YAML with the place it was written at. Aliases and merge keys are resolved, nothing else. */
export type Tree = ScalarTree | ListTree | MapTree | FailedTree;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
  /** The value as text, the way it was written: `1.10`, `0x1F`, `yes`. */
  readonly source: string;
  /** Where the token lies in the text, in UTF-16 code units: of the anchor where the value is an alias. */
  readonly range: readonly [number, number];
  /** What the author wrote, where values were filled into it. */
  readonly written?: string;
  /** Values of the job's environment were filled in: not to be shown. */
  readonly concealed?: boolean;
}

export interface ListTree {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly Tree[];
}

export interface MapTree {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly keyAt: Position;
  readonly value: Tree;
}

/** Something that could not be read and was reported. It has no value, and nothing more is said about it. */
export interface FailedTree {
  readonly kind: 'failed';
  readonly at: Position;
}

function textOf(tree: Tree | undefined): unknown {
  return tree?.kind === 'scalar' ? tree.value : undefined;
}

/** One step down. In a list a name finds the item that is that text, or the item whose `name` it is. */
function step(tree: Tree, key: string | number): Tree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(key))?.value;
  if (tree.kind !== 'list') return undefined;
  if (typeof key === 'number') return tree.items[key];
  const item = tree.items.find(
    (candidate) => textOf(candidate) === key || (candidate.kind === 'map' && textOf(step(candidate, 'name')) === key),
  );
  return (item && item.kind === 'map' && step(item, 'value')) || item;
}

/** What is written at a path, or undefined where nothing is. */
export function find(tree: Tree, path: FieldPath): Tree | undefined {
  let found: Tree | undefined = tree;
  for (const key of path) found = found && step(found, key);
  return found;
}

/** Where the value at a path is written, or the nearest enclosing one that is. */
export function locate(tree: Tree, path: FieldPath): Position {
  let nearest = tree;
  for (const key of path) {
    const next = step(nearest, key);
    if (!next) break;
    nearest = next;
  }
  return nearest.at;
}

/** Where the key at the end of a path is written; for an item of a list, the item. */
export function locateKey(tree: Tree, path: FieldPath): Position {
  const key = path.at(-1);
  const parent = find(tree, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? parent.entries.get(String(key)) : undefined;
  return entry?.keyAt ?? locate(tree, path);
}

export function hasFailed(tree: Tree): boolean {
  if (tree.kind === 'list') return tree.items.some(hasFailed);
  if (tree.kind === 'map') return [...tree.entries.values()].some((entry) => hasFailed(entry.value));
  return tree.kind === 'failed';
}

/**
 * The tree as JavaScript values; `undefined` for what failed. With `asWritten`, numbers and booleans stay the text of
 * the file, so that `1.10` is not read as 1.1.
 */
export function toValue(tree: Tree, asWritten: boolean = false): unknown {
  switch (tree.kind) {
    case 'failed':
      return undefined;
    case 'scalar':
      return asWritten && tree.value !== null ? tree.source : tree.value;
    case 'list':
      return tree.items.map((item) => toValue(item, asWritten));
    case 'map':
      return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, toValue(entry.value, asWritten)]));
  }
}

/** What stands there, for the end of a message: `"three"`, `70000`, `a list`. */
export function describe(tree: Tree | undefined): string {
  if (tree === undefined || tree.kind === 'failed') return 'nothing';
  if (tree.kind !== 'scalar') return `a ${tree.kind}`;
  if (tree.concealed) return `the value of ${quote(tree.written ?? '')} (not shown)`;
  const value = typeof tree.value === 'string' ? quote(tree.value) : tree.value === null ? 'nothing' : tree.source;
  return tree.written === undefined ? value : `${value} (from ${quote(tree.written)})`;
}
