import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBuildFiles, readContext } from '../../src/docker/context.ts';
import { UserError } from '../../src/errors.ts';
import { contentTag } from '../../src/image/contenthash.ts';
import { temporaryFolder, writeTree } from './fakes.ts';

const never = new AbortController().signal;

async function read(workspace: string, context = '.', dockerfile?: string) {
  return readContext(findBuildFiles(workspace, context, dockerfile), never);
}

async function sent(files: Readonly<Record<string, string>>, context?: string, dockerfile?: string) {
  const { entries } = await read(writeTree(temporaryFolder(), files), context, dockerfile);
  return entries.map((entry) => entry.path).sort();
}

async function tag(workspace: string): Promise<string> {
  return contentTag({ ...(await read(workspace)), buildArgs: {}, secretIds: [], platforms: [] });
}

describe('what is sent', () => {
  test('files, symlinks that are not followed, and folders that hold nothing', async () => {
    const folder = writeTree(temporaryFolder(), {
      Dockerfile: 'FROM scratch',
      'src/app.js': 'app',
      latest: '-> src',
      dangling: '-> nowhere',
    });
    mkdirSync(path.join(folder, 'empty/deep'), { recursive: true });
    const { entries, files, bytes } = await read(folder);
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'file', path: 'Dockerfile' }),
        // echo -n app | sha256sum
        {
          kind: 'file',
          path: 'src/app.js',
          executable: false,
          sha256: 'a172cedcae47474b615c54d510a5d84a8dea3032e958587430b413538be3f333',
        },
        { kind: 'symlink', path: 'latest', target: 'src' },
        { kind: 'symlink', path: 'dangling', target: 'nowhere' },
        { kind: 'directory', path: 'empty/deep' },
      ]),
    );
    expect(entries).toHaveLength(5);
    expect({ files, bytes }).toEqual({ files: 2, bytes: 15 });
  });

  test('not what .dockerignore names, but what it takes back', async () => {
    const files = {
      Dockerfile: 'FROM scratch',
      '.dockerignore': 'node_modules\n*.md\n!README.md\nbuild/*\n!build/keep',
      'node_modules/a/index.js': '',
      'README.md': '',
      'CHANGES.md': '',
      'build/keep/x': '',
      'build/drop/x': '',
    };
    expect(await sent(files)).toEqual(['.dockerignore', 'Dockerfile', 'README.md', 'build/keep/x']);
  });

  test('the ignore file beside the Dockerfile comes before .dockerignore', async () => {
    const files = {
      'docker/web.Dockerfile': 'FROM scratch',
      'docker/web.Dockerfile.dockerignore': '*\n!a',
      '.dockerignore': '*\n!b',
      a: '',
      b: '',
    };
    expect(await sent(files, '.', 'docker/web.Dockerfile')).toEqual(['a']);
  });

  test('.git does not count, unless .dockerignore takes it back', async () => {
    const files = { Dockerfile: '', '.git/HEAD': '', 'vendor/x/.git/HEAD': '' };
    expect(await sent(files)).toEqual(['Dockerfile', 'vendor/x/.git/HEAD']);
    expect(await sent({ ...files, '.dockerignore': '!.git\nvendor' })).toEqual([
      '.dockerignore',
      '.git/HEAD',
      'Dockerfile',
    ]);
  });

  test('whether .git would be sent is known', async () => {
    const files = { Dockerfile: '', '.git/HEAD': '' };
    expect((await read(writeTree(temporaryFolder(), files))).sendsGit).toBe(true);
    expect((await read(writeTree(temporaryFolder(), { ...files, '.dockerignore': '.git' }))).sendsGit).toBe(false);
    expect((await read(writeTree(temporaryFolder(), { Dockerfile: '' }))).sendsGit).toBe(false);
  });

  test('a file of many megabytes is hashed whole', async () => {
    const folder = writeTree(temporaryFolder(), { Dockerfile: '', big: 'x'.repeat(9_000_000) });
    const { entries } = await read(folder);
    const sha256 = createHash('sha256').update('x'.repeat(9_000_000)).digest('hex');
    expect(entries).toContainEqual({ kind: 'file', path: 'big', executable: false, sha256 });
  });

  test('an abort ends the walk', async () => {
    const folder = writeTree(temporaryFolder(), { Dockerfile: '', big: 'x'.repeat(9_000_000) });
    const reason = new Error('cancelled');
    await expect(readContext(findBuildFiles(folder, '.', undefined), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('the tag of a folder', () => {
  const files = { Dockerfile: 'FROM scratch\nCOPY . .', 'src/run.sh': 'run', link: '-> src/run.sh' };

  test('is the same for another copy, with other times and modes', async () => {
    const [one, other] = [writeTree(temporaryFolder(), files), writeTree(temporaryFolder(), files)];
    chmodSync(path.join(other, 'src/run.sh'), 0o600);
    chmodSync(path.join(other, 'src'), 0o700);
    utimesSync(path.join(other, 'src/run.sh'), 0, 0);
    expect(await tag(other)).toBe(await tag(one));
  });

  test('is another when a file becomes executable', async () => {
    const folder = writeTree(temporaryFolder(), files);
    const before = await tag(folder);
    chmodSync(path.join(folder, 'src/run.sh'), 0o755);
    expect(await tag(folder)).not.toBe(before);
  });

  test('is another when a symlink points elsewhere', async () => {
    const folder = writeTree(temporaryFolder(), files);
    const before = await tag(folder);
    rmSync(path.join(folder, 'link'));
    writeTree(folder, { link: '-> src' });
    expect(await tag(folder)).not.toBe(before);
  });

  test('depends on a Dockerfile that is ignored or lies elsewhere', async () => {
    const folder = writeTree(temporaryFolder(), { ...files, '.dockerignore': 'Dockerfile' });
    const before = await tag(folder);
    writeTree(folder, { Dockerfile: 'FROM scratch\nCOPY src .' });
    expect(await tag(folder)).not.toBe(before);
  });
});

describe('what is not there', () => {
  const workspace = () => writeTree(temporaryFolder(), { 'web/docker/Dockerfile': '' });

  test.each<[string, string | undefined, RegExp]>([
    ['nowhere', undefined, /build_context: there is no folder nowhere.*actions\/checkout/],
    ['web/docker/Dockerfile', undefined, /build_context: there is no folder web\/docker\/Dockerfile/],
    ['web', undefined, /no Dockerfile at web\/Dockerfile.*build_context and dockerfile/],
    ['web', 'Containerfile', /no Dockerfile at Containerfile/],
    [
      'web',
      'docker/Dockerfile',
      /no Dockerfile at docker\/Dockerfile.*set the input dockerfile to web\/docker\/Dockerfile/,
    ],
    ['/nowhere/else', undefined, /no folder \/nowhere\/else\./],
  ])('context %s, dockerfile %s', (context, dockerfile, message) => {
    const find = () => findBuildFiles(workspace(), context, dockerfile);
    expect(find).toThrow(UserError);
    expect(find).toThrow(message);
  });

  test('paths may be absolute, and are named from the workspace', () => {
    const folder = workspace();
    expect(findBuildFiles(folder, `${folder}/web`, `${folder}/web/docker/Dockerfile`)).toEqual({
      workspace: folder,
      context: 'web',
      dockerfile: 'web/docker/Dockerfile',
    });
    expect(() => findBuildFiles(folder, `${folder}/web`, undefined)).toThrow('no Dockerfile at web/Dockerfile,');
  });
});
