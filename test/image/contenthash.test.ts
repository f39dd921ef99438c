import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ContextEntry, contentTag, type ImageContent } from '../../src/image/contenthash.ts';

const sha = (digit: string) => digit.repeat(64);

const content: ImageContent = {
  dockerfile: sha('d'),
  entries: [
    { kind: 'file', path: 'src/app.js', executable: false, sha256: sha('1') },
    { kind: 'file', path: 'run.sh', executable: true, sha256: sha('2') },
    { kind: 'symlink', path: 'latest', target: 'src/app.js' },
    { kind: 'directory', path: 'logs' },
  ],
  buildArgs: { VERSION: '1.10', NODE_ENV: 'production' },
  secretIds: ['npm'],
  target: 'release',
  platforms: ['linux/amd64', 'linux/arm64'],
};

/** With something else in place of one entry. */
function withEntry(path: string, replacement: ContextEntry | undefined): ImageContent {
  const others = content.entries.filter((entry) => entry.path !== path);
  return { ...content, entries: replacement ? [...others, replacement] : others };
}

describe('the tag of a content', () => {
  // What is hashed here by hand is the format; where this value changes, so does every tag there is.
  test('is fixed', () => {
    const text = [
      'k8s-service-action image content, format 1',
      '["arg","NODE_ENV","production"]',
      '["arg","VERSION","1.10"]',
      '["directory","logs"]',
      `["dockerfile","${sha('d')}"]`,
      `["executable","run.sh","${sha('2')}"]`,
      `["file","src/app.js","${sha('1')}"]`,
      '["platform","linux/amd64"]',
      '["platform","linux/arm64"]',
      '["secret","npm"]',
      '["symlink","latest","src/app.js"]',
      '["target","release"]',
      '',
    ].join('\n');
    expect(contentTag(content)).toBe(createHash('sha256').update(text).digest('hex').slice(0, 20));
    expect(contentTag(content)).toBe('4250a859b9f81c414ce3');
  });

  const { target: _, ...untargeted } = content;
  test.each<[string, ImageContent]>([
    ['the Dockerfile', { ...content, dockerfile: sha('e') }],
    ['the bytes of a file', withEntry('run.sh', { kind: 'file', path: 'run.sh', executable: true, sha256: sha('3') })],
    ['the name of a file', withEntry('run.sh', { kind: 'file', path: 'run2.sh', executable: true, sha256: sha('2') })],
    ['the executable bit', withEntry('run.sh', { kind: 'file', path: 'run.sh', executable: false, sha256: sha('2') })],
    ['a file less', withEntry('run.sh', undefined)],
    ['the target of a symlink', withEntry('latest', { kind: 'symlink', path: 'latest', target: 'src/other.js' })],
    [
      'a file in place of a symlink',
      withEntry('latest', { kind: 'file', path: 'latest', executable: false, sha256: sha('1') }),
    ],
    ['an empty folder less', withEntry('logs', undefined)],
    ['a build argument', { ...content, buildArgs: { ...content.buildArgs, VERSION: '1.1' } }],
    ['a build argument less', { ...content, buildArgs: { VERSION: '1.10' } }],
    ['a build secret less', { ...content, secretIds: [] }],
    ['the target', { ...content, target: 'debug' }],
    ['no target', untargeted],
    ['a platform less', { ...content, platforms: ['linux/amd64'] }],
  ])('depends on %s', (_, other) => {
    expect(contentTag(other)).not.toBe(contentTag(content));
  });

  test('does not depend on any order, nor on saying a thing twice', () => {
    const turned: ImageContent = {
      ...content,
      entries: content.entries.toReversed(),
      buildArgs: { NODE_ENV: 'production', VERSION: '1.10' },
      secretIds: ['npm', 'npm'],
      platforms: ['linux/arm64', 'linux/amd64', 'linux/arm64'],
    };
    expect(contentTag(turned)).toBe(contentTag(content));
  });

  test('two contents that are not the same have two tags', () => {
    const entry = fc.record({
      kind: fc.constant('file' as const),
      path: fc.string({ minLength: 1, maxLength: 8 }),
      executable: fc.boolean(),
      sha256: fc.constantFrom(sha('1'), sha('2')),
    });
    const contents = fc.record({
      dockerfile: fc.constant(sha('d')),
      entries: fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 4 }),
      buildArgs: fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { noNullPrototype: true }),
      secretIds: fc.constant([]),
      platforms: fc.constant([]),
    });
    const sorted = ({ entries, buildArgs }: ImageContent) => [
      entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1)),
    ];
    fc.assert(
      fc.property(contents, contents, (a, b) => {
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(contentTag(a) === contentTag(b)).toBe(same);
      }),
    );
  });
});
