import type { Position } from './diagnostic.ts';
import type { SourceDocument } from './document.ts';
import { code, enumerate, type Report } from './fault.ts';
import { nearest } from './nearest.ts';
import type { Entry, ScalarTree, Tree } from './tree.ts';

/**
 * Values filled into the strings of a spec.
 *
 * A reference is a source, then a name: `{parent.domain}` or `{parent[domain]}`, `{vars.x}`, `{env.X}`. The same with
 * `${…}` and `${{ … }}`; spaces inside the braces do not count.
 *
 * Only braces around a word that is followed by `.` or `[` are a reference. All other braces are text, so JSON
 * (`{"a":1}`), patterns (`{2,4}`), Go templates (`{{ .Values }}`) and shell variables (`${HOME}`) pass as they are. A
 * reference to a source that does not exist is an error, never text: it is a slip more often than it is meant.
 *
 * To keep a reference as text, double its braces: `{{vars.x}}` becomes `{vars.x}`; or the dollar: `$${vars.x}` becomes
 * `${vars.x}`. More braces pair up from the inside out, as in Python: `{{{vars.x}}}` is the value in braces.
 * Values that were filled in are not read again.
 */
export interface Sources {
  readonly parent: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

const origins = {
  parent: "the action's input `parent`",
  vars: "the action's input `variables`",
  env: "the job's environment",
} as const satisfies Record<keyof Sources, string>;

/** Sources that people expect from GitHub's expressions or from Opta, and what does the same here. */
const strangers: Readonly<Record<string, (name: string) => string>> = {
  module: () =>
    'Values of other modules are not supported yet: pass the value by the input `variables` and write `{vars.…}`.',
  secrets: (name) =>
    `Secrets are never part of a spec: list \`${name}\` under \`secrets\`, and the container gets it as an environment variable.`,
  github: (name) => `GitHub's contexts end where the workflow does: write \`{env.GITHUB_${name.toUpperCase()}}\`.`,
  runner: (name) => `GitHub's contexts end where the workflow does: write \`{env.RUNNER_${name.toUpperCase()}}\`.`,
  inputs: (name) =>
    `GitHub's contexts end where the workflow does: pass the value by the action's input \`variables\` and write \`{vars.${name}}\`.`,
  variables: (name) => `The values of the action's input \`variables\` are named \`{vars.${name}}\`.`,
};

const word = /[A-Za-z_][A-Za-z0-9_-]*(?=[ \t]*[.[])/y;
const rest = /(?:\.[A-Za-z0-9_-]+|\[[A-Za-z0-9_.-]+\])+/y;
const spaces = /[ \t]*/y;
const listedNames = 20;

interface Reference {
  /** As written, its dollar and braces included. */
  readonly raw: string;
  /** Where `raw` starts in the value. */
  readonly start: number;
  readonly source: string;
  /** Undefined where the braces do not hold what a reference must. */
  readonly name: string | undefined;
  readonly before: string;
  readonly after: string;
  /** Doubled: it stays text. */
  readonly literal?: string;
}

/** The document with every reference filled in. What cannot be is reported where it is written, and has failed. */
export function interpolate(document: SourceDocument, sources: Sources, report: Report): Tree {
  const fill = (tree: Tree): Tree => {
    if (tree.kind === 'list') return { ...tree, items: tree.items.map(fill) };
    if (tree.kind === 'scalar') return fillScalar(tree, document, sources, report);
    if (tree.kind === 'failed') return tree;
    const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
      key,
      { ...entry, value: fill(entry.value) },
    ]);
    return { ...tree, entries: new Map(entries) };
  };
  return fill(document.root);
}

function fillScalar(tree: ScalarTree, document: SourceDocument, sources: Sources, report: Report): Tree {
  if (typeof tree.value !== 'string' || !tree.value.includes('{')) return tree;
  const { value } = tree;
  let filled = '';
  let done = 0;
  let failed = false;
  let concealed = false;
  let any = false;
  const places = new Places(tree, document);
  for (const reference of references(value)) {
    const at = places.next(reference.raw);
    filled += value.slice(done, reference.start);
    done = reference.start + reference.raw.length;
    if (reference.literal !== undefined) {
      filled += reference.literal;
      continue;
    }
    const found = resolve(reference, sources);
    any = true;
    concealed ||= reference.source === 'env';
    failed ||= 'problem' in found;
    if ('problem' in found) report(at, found.problem);
    else filled += reference.before + found.value + reference.after;
  }
  if (failed) return { kind: 'failed', at: tree.at };
  if (done === 0) return tree;
  filled += value.slice(done);
  const text: ScalarTree = { ...tree, value: filled, source: filled };
  return any ? { ...text, written: value, ...(concealed && { concealed }) } : text;
}

/** Linear in the length of the text: each run of braces is looked at once. */
function* references(text: string): Generator<Reference> {
  let from = 0;
  for (let brace = text.indexOf('{', from); brace >= 0; brace = text.indexOf('{', from)) {
    let inside = brace;
    while (text[inside] === '{') inside++;
    const found = referenceAt(text, brace, inside, from);
    if (found) yield found;
    from = found ? found.start + found.raw.length : inside;
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function referenceAt(text: string, brace: number, inside: number, from: number): Reference | undefined {
  const wordAt = inside + (match(spaces, text, inside) ?? '').length;
  const source = match(word, text, wordAt);
  if (source === undefined) return undefined;
  const afterWord = wordAt + source.length;
  const tail = match(rest, text, afterWord);
  let close = afterWord + (tail ?? '').length;
  close += (match(spaces, text, close) ?? '').length;
  let name = tail?.replaceAll('[', '.').replaceAll(']', '').replace(/^\.+/, '');
  if (text[close] !== '}' || name === undefined) {
    // `{vars.}`, `{env.X:-y}`: broken where the source is known; else these braces are just text.
    if (!isSource(source) && !(text[brace - 1] === '$' && Object.hasOwn(strangers, source))) return undefined;
    const length = text.slice(close).search(/[}\n]/);
    close = length < 0 ? text.length : close + length;
    name = undefined;
  }
  let end = close;
  while (text[end] === '}') end++;
  const opening = inside - brace;
  const pairs = Math.min(opening, Math.max(end - close, 1));
  let dollars = 0;
  while (dollars < 2 && brace - dollars > from && text[brace - dollars - 1] === '$') dollars++;
  if (dollars > 0 && opening === pairs && pairs <= 2) {
    const start = brace - dollars;
    const raw = text.slice(start, close + pairs);
    const literal = dollars === 2 ? { literal: raw.slice(1) } : {};
    return { source, name, raw, start, before: '', after: '', ...literal };
  }
  const start = inside - pairs;
  const raw = text.slice(start, close + pairs);
  const before = '{'.repeat(Math.floor(pairs / 2));
  const after = '}'.repeat(Math.floor(pairs / 2));
  const literal = pairs % 2 === 0 ? { literal: before + text.slice(inside, close) + after } : {};
  return { source, name, raw, start, before, after, ...literal };
}

function resolve(reference: Reference, sources: Sources): { value: string } | { problem: string } {
  const { raw, source, name } = reference;
  const stranger = Object.hasOwn(strangers, source) ? strangers[source] : undefined;
  if (stranger) return { problem: `${code(raw)} cannot be filled in. ${stranger(name ?? '…')}` };
  if (!isSource(source)) {
    const known = Object.keys(origins);
    const meant = nearest(source, known);
    const suggestion = meant ? ` Did you mean \`{${meant}.${name}}\`?` : '';
    return {
      problem: `${code(raw)} cannot be filled in: there is no \`${source}\`, only ${enumerate(known)}.${suggestion} To keep it as text, double the braces: \`{{${source}.${name}}}\`.`,
    };
  }
  if (name === undefined) {
    return {
      problem: `${code(raw)} cannot be filled in: a reference is \`{${source}.NAME}\` or \`{${source}[NAME]}\` and nothing more. To keep it as text, double the braces.`,
    };
  }
  const values = sources[source];
  if (Object.hasOwn(values, name)) return { value: values[name] ?? '' };
  const meant = nearest(name, Object.keys(values));
  const suggestion = meant === undefined ? '' : ` Did you mean \`${reference.raw.replace(name, meant)}\`?`;
  return {
    problem: `${code(raw)} has no value: \`${name}\` is not in ${origins[source]}.${suggestion}${listNames(source, values)}`,
  };
}

function isSource(source: string): source is keyof Sources {
  return Object.hasOwn(origins, source);
}

function listNames(source: keyof Sources, values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).sort();
  if (names.length === 0) return ` ${source === 'env' ? 'It' : 'That input'} is empty.`;
  // A job's environment has hundreds of names, most of them the runner's own.
  if (source === 'env') return ' It can be set with `env:` on the step or the job.';
  const more = names.length > listedNames ? ` and ${names.length - listedNames} more` : '';
  return ` There ${names.length === 1 ? 'is' : 'are'} ${enumerate(names.slice(0, listedNames))}${more}.`;
}

/**
 * Finds the references of one scalar in its token, which differs from the value by escapes and folded lines: where
 * those hide one, it and all after it are placed at the token's start.
 */
class Places {
  readonly #tree: ScalarTree;
  readonly #document: SourceDocument;
  readonly #token: string;
  #from: number | undefined = 0;

  constructor(tree: ScalarTree, document: SourceDocument) {
    this.#tree = tree;
    this.#document = document;
    this.#token = document.text.slice(...tree.range);
  }

  /** To be called for every reference, in their order: equal ones are told apart by it. */
  next(raw: string): Position {
    const found = this.#from === undefined ? -1 : this.#token.indexOf(raw, this.#from);
    if (found < 0) {
      this.#from = undefined;
      return this.#tree.at;
    }
    this.#from = found + raw.length;
    return this.#document.position(this.#tree.range[0] + found);
  }
}
