import { type Alias, isAlias, isScalar, isSeq, type Pair, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Position } from './diagnostic.ts';
import { code, type Report } from './fault.ts';
import { explainUnquotedReference } from './syntax.ts';
import type { Entry, ScalarTree, Tree } from './tree.ts';

/** Values that aliases and merge keys may add: they multiply. */
const mostAliased = 10_000;

/** Turns the nodes of the parser into a Tree: anchors are remembered in the order of the text, as YAML wants. */
export class TreeBuilder {
  readonly #position: (offset: number) => Position;
  readonly #report: Report;
  readonly #anchors = new Map<string, Tree | 'unfinished'>();
  #aliased = 0;

  constructor(position: (offset: number) => Position, report: Report) {
    this.#position = position;
    this.#report = report;
  }

  /** Aliases added more than they may: the tree is not whole, and not worth a look. */
  get isExcessive(): boolean {
    return this.#aliased > mostAliased;
  }

  build(node: ParsedNode | null, fallback: Position): Tree {
    if (node === null) return { kind: 'scalar', at: fallback, value: null, source: '', range: [0, 0] };
    if (isAlias(node)) return this.#alias(node);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, 'unfinished');
    const tree = this.#own(node, fallback);
    if (anchor !== undefined) this.#anchors.set(anchor, tree);
    return tree;
  }

  #own(node: Exclude<ParsedNode, Alias.Parsed>, fallback: Position): Tree {
    const at = this.#position(node.range[0]);
    if (isScalar(node)) return this.#scalar(node, at, fallback);
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.build(item as ParsedNode, at)) };
    const reference = unquotedReference(node);
    if (reference === undefined) return { kind: 'map', at, entries: this.#entries(node) };
    return this.#fail(at, explainUnquotedReference(`{${reference}}`));
  }

  #scalar(node: Scalar.Parsed, at: Position, fallback: Position): Tree {
    const { value } = node;
    const [start, end] = node.range;
    if (value === null || typeof value === 'number' || typeof value === 'boolean') {
      const source = node.source ?? '';
      return { kind: 'scalar', at: source === '' ? fallback : at, value, source, range: [start, end] };
    }
    return { kind: 'scalar', at, value: String(value), source: String(value), range: [start, end] };
  }

  #entries(map: YAMLMap.Parsed): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged = new Set<string>();
    for (const pair of map.items) {
      const key = this.#key(pair, this.#position(map.range[0]));
      if (!key) continue;
      if (key.value === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        for (const [name, entry] of this.#merge(pair, key.at)) {
          if (entries.has(name)) continue;
          entries.set(name, entry);
          merged.add(name);
        }
        continue;
      }
      const earlier = entries.get(key.source);
      const value = this.build(pair.value, key.at);
      if (earlier && !merged.delete(key.source)) {
        this.#report(key.at, `${code(key.source)} is given twice, first on line ${earlier.keyAt.line}: keep one.`);
        continue;
      }
      entries.set(key.source, { keyAt: key.at, value });
    }
    return entries;
  }

  #key(pair: Pair<ParsedNode, ParsedNode | null>, fallback: Position): ScalarTree | undefined {
    const key = this.build(pair.key, fallback);
    if (key.kind === 'failed') return undefined;
    if (key.kind !== 'scalar') {
      this.#report(key.at, `a ${key.kind} cannot be a key: write text before the \`:\`.`);
      return undefined;
    }
    if (key.value === null && key.source === '') {
      this.#report(this.#position(pair.key.range[0]), 'the key before this `:` is missing.');
      return undefined;
    }
    if (key.source === '__proto__') {
      this.#report(key.at, '`__proto__` cannot be a key.');
      return undefined;
    }
    return key;
  }

  #merge(pair: Pair<ParsedNode, ParsedNode | null>, at: Position): Iterable<[string, Entry]> {
    const source = this.build(pair.value, at);
    const maps = source.kind === 'list' ? source.items : [source];
    const entries = new Map<string, Entry>();
    for (const map of maps) {
      if (map.kind === 'failed') continue;
      if (map.kind !== 'map') {
        this.#report(map.at, '`<<` merges maps: write an alias of a map (`<<: *name`) or a list of them.');
        continue;
      }
      for (const [name, entry] of map.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return entries;
  }

  #alias(node: Alias.Parsed): Tree {
    const at = this.#position(node.range[0]);
    const target = this.#anchors.get(node.source);
    if (target === undefined) {
      return this.#fail(
        at,
        `\`*${node.source}\` stands for nothing: no \`&${node.source}\` comes before it. Put the text in quotes if no alias is meant.`,
      );
    }
    if (target === 'unfinished')
      return this.#fail(at, `\`*${node.source}\` is inside what it stands for: write the value out.`);
    if (this.isExcessive) return { kind: 'failed', at };
    this.#aliased += sizeOf(target, mostAliased);
    if (!this.isExcessive) return { ...target, at };
    return this.#fail(
      at,
      `aliases add more than ${mostAliased} values up to here: write the values out, or fewer of them.`,
    );
  }

  #fail(at: Position, message: string): Tree {
    this.#report(at, message);
    return { kind: 'failed', at };
  }
}

/** How many values a tree has, counted no further than a bound: shared parts make it grow exponentially. */
function sizeOf(tree: Tree, bound: number): number {
  let size = 1;
  const parts =
    tree.kind === 'list' ? tree.items : tree.kind === 'map' ? [...tree.entries.values()].map((e) => e.value) : [];
  for (const part of parts) {
    if (size > bound) break;
    size += sizeOf(part, bound - size);
  }
  return size;
}

/** `{vars.x}` without quotes is a map with one key and no value: what was meant to be filled in. */
function unquotedReference(map: YAMLMap.Parsed): string | undefined {
  const [only, another] = map.items;
  if (!only || another || !map.flow || !isScalar(only.key) || only.value !== null) return undefined;
  const text = String(only.key.value);
  return /^(?:parent|vars|env|module)\.[\w.-]+$/.test(text) ? text : undefined;
}
