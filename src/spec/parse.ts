import * as z from 'zod/mini';
import type { Diagnostic } from './diagnostic.ts';
import { readDocument } from './document.ts';
import { code, enumerate, type Report } from './fault.ts';
import { interpolate } from './interpolate.ts';
import { reportIssues } from './issues.ts';
import { nearest } from './nearest.ts';
import { normalize } from './normalize.ts';
import { rules } from './rules.ts';
import { type Field, type FieldName, type Fields, fields, requiredFields } from './schema.ts';
import type { LocatedService } from './service.ts';
import { describe, hasFailed, locate, type MapTree, type ScalarTree, type Tree, toValue } from './tree.ts';

export interface SpecOptions {
  /** Path of the spec as the user knows it. */
  readonly file: string;
  /** What `{parent[x]}` stands for. Its `domain`, when given, bounds `public_uri`. */
  readonly parent: Readonly<Record<string, string>>;
  /** What `{env.X}` stands for. */
  readonly env: Readonly<Record<string, string>>;
  /** What `{vars.x}` stands for. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The services of a spec, or everything that is wrong with it, sorted by place. Never both, never neither. */
export type ParsedSpec =
  | { readonly services: readonly LocatedService[] }
  | { readonly diagnostics: readonly Diagnostic[] };

const mostDiagnostics = 100;
const longestMessage = 1000;

/** Reads the text of a spec. Throws nothing, whatever the text. */
export function parseSpec(text: string, options: SpecOptions): ParsedSpec {
  const diagnostics: Diagnostic[] = [];
  const report: Report = ({ line, column }, message) => {
    diagnostics.push({ file: options.file, line, column, message: oneLine(message) });
  };
  const document = readDocument(text, report);
  const services: LocatedService[] = [];
  if (document) {
    const tree = interpolate(document, { parent: options.parent, vars: options.variables, env: options.env }, report);
    const service = readFlat(tree, options, report);
    if (service) services.push(service);
  }
  return diagnostics.length > 0 ? { diagnostics: firstOf(inOrder(diagnostics)) } : { services };
}

/** The flat form: one service, its fields at the top. */
function readFlat(tree: Tree, options: SpecOptions, report: Report): LocatedService | undefined {
  if (tree.kind === 'failed') return undefined;
  if (tree.kind !== 'map') {
    report(
      tree.at,
      `a spec is a map of fields, \`name: …\` and \`image: …\` at least, each on its own line; found ${describe(tree)}.`,
    );
    return undefined;
  }
  const modules = tree.entries.get('modules') ?? tree.entries.get('environments');
  if (modules) {
    report(
      modules.keyAt,
      'this is an Opta file with modules, which is not supported yet: write one spec for each service, with its fields at the top (`name`, `image`, …).',
    );
    return undefined;
  }
  return readService(tree, options, report);
}

function readService(tree: MapTree, options: SpecOptions, report: Report): LocatedService | undefined {
  const meant = reportUnknownFields(tree, report);
  const typed: MapTree = {
    ...tree,
    entries: new Map([...tree.entries].map(([key, entry]) => [key, { ...entry, value: typedAs(key, entry.value) }])),
  };
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields) as [FieldName, Field][]) {
    const written = typed.entries.get(name)?.value;
    if (!written && requiredFields.includes(name)) {
      if (!meant.has(name)) report(tree.at, `\`${name}\` is missing: add a line such as \`${field.example}\`.`);
      continue;
    }
    const result = z.safeParse(field.schema, written && toValue(written, field.scalars === 'source'));
    if (!result.success) reportIssues(result.error.issues, typed, [name], report);
    else if (!written || !hasFailed(written)) values[name] = result.data;
  }
  for (const rule of rules) rule({ tree: typed, values, parent: options.parent }, report);
  if (Object.keys(fields).some((name) => !Object.hasOwn(values, name))) return undefined;
  return {
    service: normalize(values as Fields),
    file: options.file,
    locate: (path) => locate(tree, path),
  };
}

/** Returns the fields that were probably meant: those are misspelled, not missing. */
function reportUnknownFields(tree: MapTree, report: Report): ReadonlySet<string> {
  const names = Object.keys(fields);
  const meant = new Set<string>();
  for (const [key, { keyAt }] of tree.entries) {
    if (names.includes(key)) continue;
    const known = Object.entries(fields) as [FieldName, Field][];
    const near = known.find(([, field]) => field.alsoKnownAs?.includes(key))?.[0] ?? nearest(key, names);
    if (near) meant.add(near);
    const advice = near ? `did you mean \`${near}\`?` : `there are ${enumerate(names)}.`;
    report(keyAt, `unknown field ${code(key)}: ${advice}`);
  }
  return meant;
}

/** Text that was filled in is a number or a boolean where YAML would read it as one, in the fields that want that. */
function typedAs(name: string, tree: Tree): Tree {
  if (!Object.hasOwn(fields, name)) return tree;
  const { scalars }: Field = fields[name as FieldName];
  return scalars === 'retyped' ? retype(tree) : tree;
}

function retype(tree: Tree): Tree {
  if (tree.kind === 'scalar') return retypeScalar(tree);
  if (tree.kind === 'list') return { ...tree, items: tree.items.map(retype) };
  if (tree.kind === 'failed') return tree;
  return {
    ...tree,
    entries: new Map([...tree.entries].map(([key, entry]) => [key, { ...entry, value: retype(entry.value) }])),
  };
}

function retypeScalar(tree: ScalarTree): ScalarTree {
  if (tree.written === undefined || typeof tree.value !== 'string') return tree;
  if (tree.value === 'true' || tree.value === 'false') return { ...tree, value: tree.value === 'true' };
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(tree.value) ? { ...tree, value: Number(tree.value) } : tree;
}

/** By place; what aliases make come up twice is said once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = diagnostics.toSorted(
    (a, b) => a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1),
  );
  return sorted.filter(({ line, column, message }, index) => {
    const before = sorted[index - 1];
    return before?.line !== line || before.column !== column || before.message !== message;
  });
}

/** Nobody reads more: the last one says how many were left out. */
function firstOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const last = diagnostics[mostDiagnostics - 1];
  const more = diagnostics.length - mostDiagnostics + 1;
  if (!last || more < 2) return diagnostics;
  return [
    ...diagnostics.slice(0, mostDiagnostics - 1),
    { ...last, message: `${more} more problems from here on are not listed.` },
  ];
}

function oneLine(message: string): string {
  const line = message.replace(/[\r\n\u2028\u2029]+/g, ' ');
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
}
