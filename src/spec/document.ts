import { Composer, type CST, type Document, isScalar, LineCounter, type ParsedNode, Parser } from 'yaml';
import type { Position } from './diagnostic.ts';
import type { Report } from './fault.ts';
import { explainSyntaxError } from './syntax.ts';
import type { Tree } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** A spec is a page of text. These bounds keep a hostile one from taking the machine's time or memory. */
export const limits = {
  bytes: 256 * 1024,
  /** Lists and maps inside each other. The parser itself overflows the stack at some thousand. */
  depth: 32,
  /** Values in lists and maps. */
  values: 20_000,
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
  const excess = firstOverLimits(tokens);
  if (excess) {
    report(position(excess.offset), excess.message);
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
  const builder = new TreeBuilder(position, report);
  const root = builder.build(first.contents as ParsedNode, start);
  return builder.isExcessive ? undefined : { text, root, position };
}

function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

/** Where a limit is first passed. Own loop, no recursion: it runs before anything that recurses. */
function firstOverLimits(tokens: readonly CST.Token[]): { offset: number; message: string } | undefined {
  let values = 0;
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limits.depth) {
      const message = `lists and maps are nested more than ${limits.depth} deep here: a spec needs no more than four.`;
      return { offset: token.offset, message };
    }
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    values += token.items.length;
    if (values > limits.values) {
      return {
        offset: token.offset,
        message: `the file holds more than ${limits.values} values: this is not a service spec.`,
      };
    }
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}
