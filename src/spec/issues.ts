import type * as z from 'zod/mini';
import { type Fault, quote, type Report } from './fault.ts';
import { requiredFields } from './schema.ts';
import type { FieldPath } from './service.ts';
import { describe, find, locate, locateKey, type Tree } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** `port.http`, `env_vars[0].value`. */
export function label(path: FieldPath): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}

/** What to write instead, where the type alone tells. */
function hintFor(issue: Issue, tree: Tree, path: FieldPath): string | undefined {
  if (tree.kind === 'scalar' && tree.value === null) {
    return requiredFields.includes(label(path)) ? 'Write a value.' : 'Write a value, or remove the line.';
  }
  const expected =
    issue.code === 'invalid_type' ? issue.expected : issue.code === 'invalid_union' ? 'union' : undefined;
  if (tree.kind === 'map' || tree.kind === 'list') {
    return expected === 'union' ? 'Put it in quotes if it is meant as text.' : undefined;
  }
  if (tree.kind === 'failed' || tree.concealed) return undefined;
  const { value, source } = tree;
  switch (expected) {
    case 'string':
      return `Put it in quotes: \`"${source}"\`.`;
    case 'boolean': {
      const meant = /^(?:y|yes|on|true|1)$/i.test(source)
        ? 'true'
        : /^(?:n|no|off|false|0)$/i.test(source)
          ? 'false'
          : '';
      return meant && `Write \`${meant}\`.`;
    }
    case 'int':
    case 'number':
      return typeof value === 'string' && /^[0-9]+$/.test(value) ? `Remove the quotes: \`${value}\`.` : undefined;
    case 'array':
      return `Write it as a list: \`[${source.length > 60 || /[,\]\s]/.test(source) ? '…' : source}]\`.`;
    default:
      return undefined;
  }
}

function isAtRoot(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
}

/**
 * Says what the schema found wrong in one field, at the place of each fault.
 *
 * @param tree the whole service, with the field in it
 * @param path the field, then the way down to what was checked
 */
export function reportIssues(issues: readonly Issue[], tree: Tree, path: FieldPath, report: Report): void {
  const unknown = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path: at }) => label(at as FieldPath)),
  );
  for (const issue of issues) {
    // What is missing in a map with an unknown key is most often that key.
    if (issue.code === 'custom' && unknown.has(label(issue.path as FieldPath))) continue;
    reportIssue(issue, tree, [...path, ...(issue.path as FieldPath)], report);
  }
}

function reportIssue(issue: Issue, tree: Tree, path: FieldPath, report: Report): void {
  const here = find(tree, path);
  if (here?.kind === 'failed') return;
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one whose own type is right.
    const meant = issue.errors.find((alternative) => !alternative.some(isAtRoot));
    if (meant) {
      reportIssues(meant, tree, path, report);
      return;
    }
  }
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const message = `unknown field \`${key}\` in \`${label(path)}\`, which must be ${issue.message}.`;
      report(locateKey(tree, [...path, key]), message);
    }
    return;
  }
  if (issue.code === 'invalid_key') {
    const { allowed, hint } = faultOf(issue.issues[0] ?? issue);
    const name = `the name ${quote(String(path.at(-1)))} in \`${label(path.slice(0, -1))}\``;
    report(locateKey(tree, path), sentence(name, allowed, hint));
    return;
  }
  if (!here) {
    const parent = label(path.slice(0, -1));
    report(locate(tree, path), `\`${parent}\` has no \`${path.at(-1)}\`: it must be ${issue.message}.`);
    return;
  }
  const { allowed, hint = hintFor(issue, here, path), found = describe(here) } = faultOf(issue);
  // A hint repeats the value.
  const shown = here.kind === 'scalar' && here.concealed ? undefined : hint;
  report(here.at, sentence(`\`${label(path)}\``, allowed, shown, found));
}

/** Judges hand their faults over as the parameters of an issue; all else has only a message. */
function faultOf(issue: Issue): Fault {
  const params: Partial<Fault> = issue.code === 'custom' ? (issue.params ?? {}) : {};
  return { ...params, allowed: issue.message };
}

function sentence(subject: string, allowed: string, hint: string | undefined, found?: string): string {
  const what = found === undefined ? '' : `; found ${found}`;
  return `${subject} must be ${allowed}${what}.${hint ? ` ${hint}` : ''}`;
}
