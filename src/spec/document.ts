import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type ParsedNode,
  Parser,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Position } from './diagnostic.ts';
import type { Report } from './fault.ts';
import { explainSyntaxError, explainUnquotedReference } from './syntax.ts';
import type { Entry, ScalarTree, Tree } from './tree.ts';

/** A spec is a page of text. These bounds keep a hostile one from taking the machine's time or memory. */
export const limits = {
  bytes: 256 * 1024,
  /** Lists and maps inside each other. The parser itself overflows the stack at some thousand. */
  depth: 32,
  /** Values that aliases and merge keys may add. */
  aliased: 10_000,
} as const;

/** The text of a spec and what YAML makes of it. */
export interface SourceDocument {
  readonly text: string;
  readonly root: Tree;
  position(offset: number): Position;
}

/** Reads one YAML document, or reports why it cannot be read. */
export function readDocument(source: string, report: Report): SourceDocument | undefined {
  const start: Position = { line: 1, column: 1 };
  if (Buffer.byteLength(source) > limits.bytes) {
    report(start, `the file is larger than ${limits.bytes / 1024} KiB: this is not a service spec.`);
    return undefined;
  }
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = firstBelow(tokens, limits.depth);
  if (deep !== undefined) {
    report(
      position(deep),
      `lists and maps are nested more than ${limits.depth} deep here: a spec needs no more than four.`,
    );
    return undefined;
  }
  // Own checks replace the parser's for duplicate keys: it compares every key with every other.
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false });
  const documents: Document.Parsed[] = [];
  for (const composed of composer.compose(tokens, false, text.length)) {
    const wrong = composed.errors[0] ?? composed.warnings[0];
    if (wrong) {
      const { offset, message } = explainSyntaxError(wrong, text, tokens);
      report(position(offset), message);
      return undefined;
    }
    documents.push(composed as Document.Parsed);
  }
  const [first, ...others] = documents.filter((document) => !isEmpty(document));
  if (!first) {
    report(start, 'the file holds no spec: write at least `name: …` and `image: AUTO`, each on its own line.');
    return undefined;
  }
  if (others[0]) {
    report(
      position(others[0].range[0]),
      'a second document starts here (`---`): a spec file holds one service. Write one file for each.',
    );
    return undefined;
  }
  return { text, root: new TreeBuilder(position, report).build(first.contents as ParsedNode, start), position };
}

function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

/** Where the nesting first gets deeper than allowed. Own loop, no recursion: it runs before anything that recurses. */
function firstBelow(tokens: readonly CST.Token[], allowed: number): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > allowed) return token.offset;
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Turns the nodes of the parser into a Tree: anchors are remembered in the order of the text, as YAML wants. */
class TreeBuilder {
  readonly #position: (offset: number) => Position;
  readonly #report: Report;
  readonly #anchors = new Map<string, Tree | 'unfinished'>();
  #aliased = 0;

  constructor(position: (offset: number) => Position, report: Report) {
    this.#position = position;
    this.#report = report;
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
        this.#report(key.at, `\`${key.source}\` is given twice, first on line ${earlier.keyAt.line}: keep one.`);
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
    if (target === 'unfinished') return this.#fail(at, `\`*${node.source}\` is inside what it stands for.`);
    const before = this.#aliased;
    this.#aliased += sizeOf(target, limits.aliased);
    if (this.#aliased <= limits.aliased) return { ...target, at };
    if (before > limits.aliased) return { kind: 'failed', at };
    return this.#fail(
      at,
      `aliases add more than ${limits.aliased} values up to here: write the values out, or fewer of them.`,
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
