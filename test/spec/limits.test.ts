import { describe, expect, test } from 'vitest';
import { problemsOf, withFields } from './reading.ts';

const size = 256 * 1024;

describe('a hostile file ends with a problem', () => {
  test('too large, counted in bytes', () => {
    const large = ['1:1: the file is larger than 256 KiB: this is not a service spec.'];
    expect(problemsOf(`# ${'x'.repeat(size)}`)).toEqual(large);
    expect(problemsOf(`# ${'ü'.repeat(size / 2)}`)).toEqual(large);
    expect(problemsOf(withFields(`# ${'x'.repeat(size - 100)}`))).toEqual([]);
  });

  // The parser overflows the stack on these, which ends the process.
  test.each([
    ['[', '1:34'],
    ['{', '1:34'],
    ['- ', '1:67'],
    ['? ', '1:67'],
    ['a: ', '1:100'],
    ['[? ', '1:100'],
  ])('nested without end: %j', (opening, at) => {
    expect(problemsOf(opening.repeat(20_000))).toEqual([
      `${at}: lists and maps are nested more than 32 deep here: a spec needs no more than four.`,
    ]);
  });

  test('aliases of aliases', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(', ')}]`;
    const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index, names) =>
      level(name, index === 0 ? 'x' : `*${names[index - 1]}`),
    );
    expect(problemsOf(lines.join('\n'))).toContainEqual(
      expect.stringMatching(
        /^5:\d+: aliases add more than 10000 values up to here: write the values out, or fewer of them\.$/,
      ),
    );
  });

  test('a map merged over and over', () => {
    const wide = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join(', ');
    const spec = withFields(`env_vars: &a {${wide}}`, 'links:', ...Array(5000).fill('  - <<: *a'));
    expect(problemsOf(spec)).toContainEqual(expect.stringContaining('aliases add more than 10000 values'));
  });

  test('values without number', () => {
    expect(problemsOf(`[${'a,'.repeat(100_000)}]`)).toEqual([
      '1:1: the file holds more than 20000 values: this is not a service spec.',
    ]);
  });

  test('problems without number: the first hundred', () => {
    const problems = problemsOf(withFields('secrets:', ...Array(5000).fill('  - 9')));
    expect(problems).toHaveLength(100);
    expect(problems[0]).toMatch(/^4:5: `secrets\[0\]`/);
    expect(problems[99]).toBe('103:5: 4901 more problems from here on are not listed.');
  });

  test('text without end stays out of messages', () => {
    const long = 'x'.repeat(100_000);
    for (const problem of [
      ...problemsOf(withFields(`public_uri: ${long}`)),
      ...problemsOf(withFields(`env_vars: {A: "{vars.${long}}"}`)),
      ...problemsOf(withFields(`env_vars: {A: "{${long}.a}"}`)),
      ...problemsOf(`name: ${long}\nimage: https://${long}`),
    ]) {
      expect(problem.length).toBeLessThan(1100);
    }
  });
});
