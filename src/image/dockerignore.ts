/**
 * `.dockerignore` as docker reads it: a port of moby's reader and matcher (https://github.com/moby/patternmatcher), whose
 * tables are this file's tests. It is not gitignore: every pattern starts at the root of the context, and a later `!`
 * pattern takes a file back out of an ignored folder.
 */

import { posix } from 'node:path';
import { UserError } from '../errors.ts';

interface Pattern {
  readonly negated: boolean;
  readonly regexp: RegExp;
  /** The segments before the first that holds a wildcard: what is not on this way cannot match. */
  readonly literal: readonly string[];
}

/** What the patterns say of a path. */
export interface Match {
  readonly ignored: boolean;
  /** For each pattern, whether it matched the path or a folder above it: what lies below starts from here. */
  readonly patterns: readonly boolean[];
}

export interface Dockerignore {
  /**
   * @param path relative to the context, with slashes
   * @param parent what `match` said of the folder that holds `path`; absent at the top of the context
   */
  match(path: string, parent?: Match): Match;
  /** Whether a `!` pattern may take back something inside this ignored folder. */
  mayTakeBack(folder: string): boolean;
}

/**
 * @param text of the file, empty when there is none
 * @param file how messages name it
 * @param before patterns that come before the file's own, which can take back what these ignore
 * @throws UserError naming every line that docker would refuse
 */
export function parseDockerignore(text: string, file: string, before: readonly string[] = []): Dockerignore {
  const problems: string[] = [];
  const patterns: Pattern[] = [];
  const add = (line: string, position?: number) => {
    const trimmed = line.trim();
    if (line.startsWith('#') || trimmed === '') return;
    // moby cleans a line when it reads the file, without its `!`, and again when it makes the pattern, with it.
    const exception = trimmed.startsWith('!');
    const read = exception ? trimmed.slice(1).trim() : trimmed;
    const path = read === '' ? '' : clean(read).replace(/^\/(?=.)/, '');
    const whole = clean(exception ? `!${path}` : path);
    const negated = whole.startsWith('!');
    const pattern = negated ? whole.slice(1) : whole;
    const regexp = pattern === '' ? undefined : compile(pattern);
    if (regexp) patterns.push({ negated, regexp, literal: literalSegments(pattern) });
    else problems.push(`${file}:${position}: "${trimmed}" is not a pattern that docker understands`);
  };
  for (const pattern of before) add(pattern);
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries())
    add(line, index + 1);
  if (problems.length > 0) throw new UserError(`${problems.join('\n')}\nCorrect the pattern or remove the line.`);

  return {
    match(path, parent) {
      let ignored = false;
      const matches = patterns.map((pattern, index) => {
        // As in moby, a pattern that could not change the verdict is not tried.
        const matched = parent?.patterns[index] || (pattern.negated === ignored && pattern.regexp.test(path));
        if (matched) ignored = !pattern.negated;
        return matched;
      });
      return { ignored, patterns: matches };
    },
    mayTakeBack(folder) {
      const segments = folder.split('/');
      return patterns.some(
        ({ negated, literal }) =>
          negated && literal.every((segment, depth) => depth >= segments.length || segment === segments[depth]),
      );
    },
  };
}

/** `filepath.Clean` of Go. */
function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

function literalSegments(pattern: string): string[] {
  const segments = pattern.split('/');
  const wild = segments.findIndex((segment) => /[*?[\]\\]/.test(segment));
  return wild === -1 ? segments : segments.slice(0, wild);
}

const quoted = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** One bound of a range in `[a-c]`; what is special there must stand behind a backslash. */
const bound = String.raw`(\\.|[^\\\]-])`;
const range = new RegExp(`${bound}(?:-${bound})?`, 'gsu');
const characterClass = new RegExp(String.raw`\[(\^?)((?:${bound}(?:-${bound})?)+)\]`, 'suy');

/** The members of a character class, written for JavaScript. */
function classMembers(members: string): string {
  const literal = (written: string) => {
    const character = written.replace(/^\\(?=.)/s, '');
    return character === '-' ? '\\-' : quoted(character);
  };
  return members.replace(range, (_, low: string, high?: string) => literal(low) + (high ? `-${literal(high)}` : ''));
}

/** @returns undefined when the pattern is malformed */
function compile(pattern: string): RegExp | undefined {
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const character = String.fromCodePoint(pattern.codePointAt(at) as number);
    at += character.length;
    if (character === '*' && pattern[at] === '*') {
      at += 1;
      const slash = pattern[at] === '/';
      if (slash) at += 1;
      const rest = pattern.slice(at);
      // moby compares a leading `**` before plain text as a suffix, so that `**file` is also `myfile`.
      const suffix = source === '' && !slash && !/[*?[\]\\]/.test(rest);
      source += rest === '' || suffix ? '.*' : '(?:.*/)?';
    } else if (character === '*') {
      source += '[^/]*';
    } else if (character === '?') {
      source += '[^/]';
    } else if (character === '\\') {
      if (at === pattern.length) return undefined;
      const next = String.fromCodePoint(pattern.codePointAt(at) as number);
      at += next.length;
      source += quoted(next);
    } else if (character === '[') {
      characterClass.lastIndex = at - 1;
      const found = characterClass.exec(pattern);
      if (!found) return undefined;
      at = characterClass.lastIndex;
      source += `[${found[1]}${classMembers(found[2] as string)}]`;
    } else {
      source += quoted(character);
    }
  }
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // A range that runs backwards, as in `[z-a]`.
    return undefined;
  }
}
