import { describe, expect, it } from 'vitest';
import { isNewEnough } from './build.ts';
import { buildKey } from './build-key.ts';

const files = (...entries: [string, string][]) => new Map(entries.map(([name, text]) => [name, Buffer.from(text)]));

describe('the key of a build', () => {
  const key = buildKey(['go1.26.8', '-s'], files(['go.mod', 'module a'], ['main.go', 'package main']));

  it('does not depend on the order in which files were read', () => {
    expect(buildKey(['go1.26.8', '-s'], files(['main.go', 'package main'], ['go.mod', 'module a']))).toBe(key);
  });

  it.each<[string, string[], Map<string, Buffer>]>([
    ['another Go', ['go1.26.9', '-s'], files(['go.mod', 'module a'], ['main.go', 'package main'])],
    ['another flag', ['go1.26.8', '-s', '-w'], files(['go.mod', 'module a'], ['main.go', 'package main'])],
    ['flags joined differently', ['go1.26.8 -s'], files(['go.mod', 'module a'], ['main.go', 'package main'])],
    ['another content', ['go1.26.8', '-s'], files(['go.mod', 'module a'], ['main.go', 'package main '])],
    ['a renamed file', ['go1.26.8', '-s'], files(['go.mod', 'module a'], ['other.go', 'package main'])],
    [
      'bytes moved from one file to the next',
      ['go1.26.8', '-s'],
      files(['go.mod', 'module ap'], ['main.go', 'ackage main']),
    ],
    ['one file more', ['go1.26.8', '-s'], files(['go.mod', 'module a'], ['main.go', 'package main'], ['x.go', ''])],
  ])('is another one with %s', (_, parameters, sources) => {
    expect(buildKey(parameters, sources)).not.toBe(key);
  });
});

describe('the version of Go', () => {
  it.each([
    ['go1.26.8', true],
    ['go1.26.4', true],
    ['go1.27rc1', true],
    ['go1.26', false],
    ['go1.26.3', false],
    ['go2.0', true],
    ['go1.25.9', false],
    ['go1.9', false],
    ['devel', false],
  ])('%s is new enough for 1.26.4: %s', (version, enough) => {
    expect(isNewEnough(version, '1.26.4')).toBe(enough);
  });
});
