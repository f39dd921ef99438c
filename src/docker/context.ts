/** The build context on disk: what docker would send, and the hash of each file of it. */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import type { ContextEntry } from '../image/contenthash.ts';
import { type Dockerignore, type Match, parseDockerignore } from '../image/dockerignore.ts';

/** Where a build starts from. */
export interface BuildFiles {
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** The folder that is sent, and the Dockerfile: relative to the workspace where they are in it, else absolute. */
  readonly context: string;
  readonly dockerfile: string;
}

export interface BuildContext {
  /** SHA-256 in hex. */
  readonly dockerfile: string;
  readonly entries: readonly ContextEntry[];
  readonly files: number;
  readonly bytes: number;
  /** `.git` is in the context and would be sent: its `config` may hold the token that checkout used. */
  readonly sendsGit: boolean;
}

/**
 * Finds the context and the Dockerfile.
 *
 * @param workspace absolute
 * @param context absolute, or relative to the workspace
 * @param dockerfile likewise; absent is `Dockerfile` in the context
 * @throws UserError naming the path that is not there
 */
export function findBuildFiles(workspace: string, context: string, dockerfile: string | undefined): BuildFiles {
  const stat = (name: string) => statSync(path.resolve(workspace, name), { throwIfNoEntry: false });
  const inWorkspace = (name: string) => {
    const relative = path.relative(workspace, path.resolve(workspace, name));
    return relative === '..' || relative.startsWith('../') ? path.resolve(workspace, name) : relative || '.';
  };
  const folder = inWorkspace(context);
  if (!stat(folder)?.isDirectory()) {
    throw new UserError(
      `build_context: there is no folder ${folder}. Paths are relative to the workspace; is the repository checked out (actions/checkout)?`,
    );
  }
  const file = inWorkspace(dockerfile ?? path.join(context, 'Dockerfile'));
  if (stat(file)?.isFile()) return { workspace, context: folder, dockerfile: file };
  const inContext = path.join(folder, file);
  throw new UserError(
    `There is no Dockerfile at ${file}, and the spec says image: AUTO. ${
      dockerfile !== undefined && stat(inContext)?.isFile()
        ? `Paths are relative to the workspace: set the input dockerfile to ${inContext}.`
        : 'Add one, or say where it is with the inputs build_context and dockerfile, or name an image that exists in the spec.'
    }`,
  );
}

/**
 * Reads the whole context. Symlinks are not followed; an ignored folder is not entered unless a `!` pattern can take
 * something in it back.
 *
 * `.git` at the top of the context does not count unless `.dockerignore` takes it back with `!.git`: it differs on every
 * machine. (BuildKit leaves it out of contexts that it clones, for the same reason.)
 *
 * @throws UserError for a `.dockerignore` that docker would refuse, and for a file that cannot be read
 */
export async function readContext(build: BuildFiles, signal: AbortSignal): Promise<BuildContext> {
  const context = path.resolve(build.workspace, build.context);
  const entries: ContextEntry[] = [];
  let files = 0;
  let bytes = 0;
  const ignore = readDockerignore(build, ['.git']);
  const hashFile = fileHasher(signal);

  async function walk(folder: string, parent: Match | undefined): Promise<void> {
    for (const found of reading(folder || build.context, () =>
      readdirSync(path.join(context, folder), { withFileTypes: true }),
    )) {
      const name = folder === '' ? found.name : `${folder}/${found.name}`;
      const match = ignore.match(name, parent);
      if (found.isDirectory()) {
        const before = entries.length;
        if (!match.ignored || ignore.mayTakeBack(name)) await walk(name, match);
        // Most folders follow from what they hold; one that holds nothing is sent all the same.
        if (!match.ignored && entries.length === before) entries.push({ kind: 'directory', path: name });
      } else if (found.isSymbolicLink() && !match.ignored) {
        const target = reading(name, () => readlinkSync(path.join(context, name)));
        entries.push({ kind: 'symlink', path: name, target });
      } else if (found.isFile() && !match.ignored) {
        const { executable, size, sha256 } = await hashFile(path.join(context, name), name);
        entries.push({ kind: 'file', path: name, executable, sha256 });
        files += 1;
        bytes += size;
      }
    }
  }

  await walk('', undefined);
  const { sha256 } = await hashFile(path.resolve(build.workspace, build.dockerfile), build.dockerfile);
  const hasGit = statSync(path.join(context, '.git'), { throwIfNoEntry: false }) !== undefined;
  return {
    dockerfile: sha256,
    entries,
    files,
    bytes,
    sendsGit: hasGit && !readDockerignore(build).match('.git').ignored,
  };
}

/** The ignore file beside the Dockerfile comes first: https://docs.docker.com/build/concepts/context/#filename-and-location */
function readDockerignore(build: BuildFiles, before: readonly string[] = []): Dockerignore {
  for (const name of [`${build.dockerfile}.dockerignore`, path.join(build.context, '.dockerignore')]) {
    const file = path.resolve(build.workspace, name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) {
      const text = reading(name, () => readFileSync(file, 'utf8'));
      return parseDockerignore(text, name, before);
    }
  }
  return parseDockerignore('', '.dockerignore', before);
}

/**
 * Hashes one file after the other with blocking reads, and lets everything else run in between: on 10 000 small files
 * four times as fast as asynchronous reads, however many at a time. Never holds more than a megabyte.
 */
function fileHasher(signal: AbortSignal) {
  const buffer = Buffer.allocUnsafe(1 << 20);
  const pause = 1 << 22;
  let work = 0;
  return async (file: string, name: string) => {
    const descriptor = reading(name, () => openSync(file, 'r'));
    try {
      const { mode } = fstatSync(descriptor);
      const hash = createHash('sha256');
      let size = 0;
      for (;;) {
        const length = reading(name, () => readSync(descriptor, buffer));
        if (length === 0) break;
        hash.update(buffer.subarray(0, length));
        size += length;
        work += length;
        if (work > pause) {
          work = 0;
          await setImmediate();
          signal.throwIfAborted();
        }
      }
      // A file costs as much as 64 kB of reading, even when it is empty.
      work += 1 << 16;
      return { executable: (mode & 0o100) !== 0, size, sha256: hash.digest('hex') };
    } finally {
      closeSync(descriptor);
    }
  };
}

function reading<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UserError(
      `Cannot read ${name} of the build context: ${(error as Error).message}. Make it readable, or leave it out with .dockerignore.`,
      { cause: error },
    );
  }
}
