import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Match, parseDockerignore } from '../../src/image/dockerignore.ts';

/** As a walk does it: from the top down, each folder's match handed to what it holds. */
function ignores(lines: readonly string[], path: string): boolean {
  const ignore = parseDockerignore(lines.join('\n'), '.dockerignore');
  let match: Match | undefined;
  const segments = path.split('/').filter((segment) => segment !== '');
  for (let depth = 1; depth <= segments.length; depth += 1) {
    match = ignore.match(segments.slice(0, depth).join('/'), match);
  }
  return match?.ignored ?? false;
}

/** TestMatches of github.com/moby/patternmatcher. */
const moby: readonly (readonly [string, string, boolean])[] = [
  ['**', 'file', true],
  ['**/', 'file', true],
  ['**', 'dir/file', true],
  ['**/', 'dir/file', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir/dir2/file', true],
  ['**/dir', 'dir', true],
  ['**/dir', 'dir/file', true],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/**', 'dir/dir2/dir3/file', true],
  ['**file', 'file', true],
  ['**file', 'dir/file', true],
  ['**/file', 'dir/file', true],
  ['**file', 'dir/dir/file', true],
  ['**/file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['**/**/*.txt', 'file.txt', true],
  ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/file.txt', true],
  ['a**/*.txt', 'a/dir/dir/file.txt', true],
  ['a/*.txt', 'a/dir/file.txt', false],
  ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true],
  ['a[b-d]e', 'ae', false],
  ['a[b-d]e', 'ace', true],
  ['a[b-d]e', 'aae', false],
  ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['abc.def', 'abcdef', false],
  ['abc.def', 'abc.def', true],
  ['abc.def', 'abcZdef', false],
  ['abc?def', 'abcZdef', true],
  ['abc?def', 'abcdef', false],
  ['a\\\\', 'a\\', true],
  ['**/foo/bar', 'foo/bar', true],
  ['**/foo/bar', 'dir/foo/bar', true],
  ['**/foo/bar', 'dir/dir2/foo/bar', true],
  ['abc/**', 'abc', false],
  ['abc/**', 'abc/def', true],
  ['abc/**', 'abc/def/ghi', true],
  ['**/.foo', '.foo', true],
  ['**/.foo', 'bar.foo', false],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a(b)c/def', 'a(b)c/xyz', false],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  [
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    true,
  ],
  ['dist/*.whl', 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl', true],
  ['a\\*b', 'a*b', true],
  // TestMatch of the same, after the tests of Go's filepath.Match.
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'abc', true],
  ['a*', 'ab/c', true],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^b-d]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['a[^a][^a][^a]b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-]', '-', true],
  ['[x\\-]', 'x', true],
  ['[x\\-]', '-', true],
  ['[x\\-]', 'z', false],
  ['[\\-x]', 'x', true],
  ['[\\-x]', '-', true],
  ['[\\-x]', 'a', false],
  ['*x', 'xxx', true],
  // A suffix, as moby compares it.
  ['**file', 'myfile', true],
  ['**file', 'my/filet', false],
  // More than moby's: what people expect of a file name in another alphabet.
  ['a?b', 'a🙂b', true],
  ['node_modules', 'NODE_MODULES', false],
];

describe('one pattern', () => {
  test.each(moby)('%s and %s: %s', (pattern, path, ignored) => {
    expect(ignores([pattern], path)).toBe(ignored);
  });
});

describe('several patterns, the last that matches wins', () => {
  const whl = 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl';
  test.each<[string[], string, boolean]>([
    [['**', '!util/docker/web'], 'util/docker/web/foo', false],
    [['**', '!util/docker/web', 'util/docker/web/foo'], 'util/docker/web/foo', true],
    [['**', `!${whl}`], whl, false],
    [['**', '!dist/*.whl'], whl, false],
    [['!fileutils.go', '*.go'], 'fileutils.go', true],
    [['*.go', '!fileutils.go'], 'fileutils.go', false],
    [['docs', '!docs/README.md'], 'docs/README.md', false],
    [['docs/', '!docs/README.md'], 'docs/README.md', false],
    [['docs/*', '!docs/README.md'], 'docs/README.md', false],
    [['*.md', '!README*.md', 'README-secret.md'], 'README-secret.md', true],
    [['*.md', 'README-secret.md', '!README*.md'], 'README-secret.md', false],
    [[], 'any/path/there', false],
  ])('%j and %s: %s', (patterns, path, ignored) => {
    expect(ignores(patterns, path)).toBe(ignored);
  });
});

describe('how the file is read', () => {
  test.each<[string, string[], string]>([
    ['a leading slash changes nothing', ['/test2', '/a/file/here'], 'a/file/here'],
    ['nor does a trailing one', ['docs/'], 'docs'],
    ['nor spaces around', ['  docs  '], 'docs'],
    ['nor a byte-order mark', ['\uFEFFdocs'], 'docs'],
    ['paths are cleaned', ['./a/../b//c'], 'b/c'],
  ])('%s', (_, lines, path) => {
    expect(ignores(lines, path)).toBe(true);
  });

  test('comments and empty lines are no patterns, and windows line ends are none either', () => {
    expect(ignores(['# *', '', '   ', 'docs\r'], 'src')).toBe(false);
    expect(ignores(['# *', '', '   ', 'docs\r'], 'docs')).toBe(true);
    // A comment starts in the first column, as in moby.
    expect(ignores([' #x'], '#x')).toBe(true);
  });

  test('"! /path" takes back a path from the top', () => {
    expect(ignores(['*', '! /inverted/abs/path'], 'inverted/abs/path')).toBe(false);
  });

  test.each(['!', '!/', '[', '[^', '[^bc', 'a[', '[]a]', '[-]', '[x-]', '[-x]', '\\', '[a-b-c]', '[Local-Only]/'])(
    'docker refuses %s, and so do we, with its line',
    (pattern) => {
      const text = `docs\n${pattern}\n`;
      expect(() => parseDockerignore(text, 'web/.dockerignore')).toThrow(`web/.dockerignore:2: "${pattern}" is not`);
    },
  );

  test('all lines that are wrong are named at once', () => {
    expect(() => parseDockerignore('[\nok\n!', 'f')).toThrow(/f:1: .*\nf:3: /);
  });
});

describe('an ignored folder is entered only where something in it may be taken back', () => {
  test.each<[string[], string, boolean]>([
    [['node_modules'], 'node_modules', false],
    [['*', '!src'], 'node_modules', false],
    [['*', '!src/app'], 'src', true],
    [['*', '!src/*/keep'], 'src', true],
    [['*', '!src/*/keep'], 'lib', false],
    [['*', '!**/*.md'], 'node_modules', true],
    [['*', '!*/keep'], 'node_modules', true],
  ])('%j and %s: %s', (lines, folder, entered) => {
    expect(parseDockerignore(lines.join('\n'), '').mayTakeBack(folder)).toBe(entered);
  });

  test('never loses a file that docker would send', () => {
    const segment = fc.constantFrom('a', 'b', 'c', '*', '**', '?', 'a*');
    const pattern = fc
      .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 3 }))
      .map(([negated, segments]) => `${negated ? '!' : ''}${segments.join('/')}`);
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (lines, segments) => {
        if (ignores(lines, segments.join('/'))) return;
        const ignore = parseDockerignore(lines.join('\n'), '');
        let match: Match | undefined;
        for (let depth = 1; depth < segments.length; depth += 1) {
          const folder = segments.slice(0, depth).join('/');
          match = ignore.match(folder, match);
          expect(!match.ignored || ignore.mayTakeBack(folder)).toBe(true);
        }
      }),
    );
  });
});
