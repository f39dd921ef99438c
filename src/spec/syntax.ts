import type { CST, YAMLError } from 'yaml';

/** What usually stands behind an error of the YAML parser, in words that help to find it. By the parser's own codes. */
const remedies: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'a `*` starts an alias: put the text in quotes if that is not meant',
  BAD_DQ_ESCAPE: 'a `\\` inside double quotes starts an escape: double it, or use single quotes',
  BAD_INDENT: 'this line is not indented like its neighbours',
  BAD_SCALAR_START: 'text cannot start with this character: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a second `key:` follows in the same value: start it on a line of its own, indented like its neighbours, or put text that has `: ` in it in quotes',
  BLOCK_IN_FLOW: 'inside brackets there are no lines that start with `-` or `key:`: separate by commas',
  KEY_OVER_1024_CHARS: 'a key is over 1024 characters long',
  MULTILINE_IMPLICIT_KEY: 'there is no `:` after this key, or the next line is indented differently than it should be',
  TAB_AS_INDENT: 'a tab cannot indent: use spaces',
  TAG_RESOLVE_FAILED: 'tags (`!name`) are not supported: remove this one, or put the text in quotes',
};

const misplaced = 'this does not belong here: look at how this line and the ones above it are indented';

/** The parser uses some codes for many things: its messages tell them apart. */
const remediesByMessage: readonly (readonly [RegExp, string])[] = [
  [/at node end/, 'there is more text after the end of this value: put the whole value in quotes'],
  [/block-seq-ind on same line/, 'a list starts on the line after its key, or is written in brackets: `[a, b]`'],
  [/flow-(?:map|seq)-end/, 'this bracket closes nothing: remove it, or put the text in quotes'],
  [/block scalar header/i, 'after `|` or `>` there may be nothing else on the line'],
  [/unexpected , in flow/i, 'there is nothing before this comma'],
  [/between flow (?:map|sequence) items/, 'a comma is missing before this'],
  [/need to be followed by map values/, 'there is no `:` after this key'],
  [/in YAML stream/, misplaced],
];

/** A value without quotes that begins with a reference, or has one inside brackets: `key: {parent[domain]}/path`. */
const unquotedReference =
  /(?:(?:^|:[ \t]+|-[ \t]+)|[[,][ \t]*(?=[^\s"'[\],{}]*\{))([^\s"'[\],{}:]*\{[ \t]*(?:parent|vars|env|module)[ \t]*[.[][^}\n]*\}?[^\s,\]]*)/;

export interface Explained {
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
  readonly message: string;
}

/** The likely cause of a syntax error, in one sentence, at the place to change. */
export function explainSyntaxError(error: YAMLError, text: string, tokens: readonly CST.Token[]): Explained {
  const offset = Math.min(error.pos[0], text.length);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  const reference = unquotedReference.exec(line);
  if (reference?.[1] !== undefined && error.code !== 'TAB_AS_INDENT') {
    const start = lineStart + reference.index + reference[0].length - reference[1].length;
    return { offset: start, message: explainUnquotedReference(reference[1]) };
  }
  if (error.code === 'MISSING_CHAR' || error.code === 'BAD_INDENT') {
    const open = unclosed(tokens, offset);
    if (open) return { offset: open.offset, message: `this is not valid YAML: ${open.why}.` };
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && !/:(?:\s|$)/.test(text.slice(offset, lineStart + line.length))) {
    const next = /\n[ \t]*(?=[^\s#])/g;
    next.lastIndex = lineStart + line.length;
    const continued = next.exec(text);
    const why =
      'this line is indented more than the key above it, which has a value already: start it where that key starts';
    if (continued) return { offset: next.lastIndex, message: `this is not valid YAML: ${why}.` };
  }
  const atLineStart = offset === lineStart && /at node end/.test(error.message);
  const remedy =
    (atLineStart ? misplaced : remediesByMessage.find(([pattern]) => pattern.test(error.message))?.[1]) ??
    remedies[error.code] ??
    `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  return { offset, message: `this is not valid YAML: ${remedy}.` };
}

/** `{` starts a map in YAML, so a value that begins with a reference needs quotes. */
export function explainUnquotedReference(value: string): string {
  return `YAML takes this \`{\` for the start of a map: put the value in quotes, \`"${value}"\`.`;
}

/** The innermost quote or bracket that is still open at an offset and that nothing closes. */
function unclosed(tokens: readonly CST.Token[], offset: number): { offset: number; why: string } | undefined {
  let innermost: { offset: number; why: string } | undefined;
  const open = [...tokens];
  for (let token = open.pop(); token; token = open.pop()) {
    if (token.offset > offset) continue;
    if (token.type === 'document') open.push(...(token.value ? [token.value] : []));
    if ('items' in token) {
      for (const { key, value } of token.items) open.push(...(key ? [key] : []), ...(value ? [value] : []));
    }
    const why = unclosedBy(token);
    if (why && token.offset >= (innermost?.offset ?? 0)) innermost = { offset: token.offset, why };
  }
  return innermost;
}

function unclosedBy(token: CST.Token): string | undefined {
  if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
    const [quote = ''] = token.source;
    const closed = token.source.length > 1 && token.source.endsWith(quote);
    return closed ? undefined : `this quote (\`${quote}\`) is never closed`;
  }
  if (token.type !== 'flow-collection') return undefined;
  const [end] = token.end;
  if (end?.type === 'flow-map-end' || end?.type === 'flow-seq-end') return undefined;
  return `this bracket (\`${token.start.source}\`) is never closed, or lines inside it are not indented more than its key`;
}
