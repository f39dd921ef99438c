import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from './errors.ts';

/** Where a spec is looked for when the input `spec` does not name one. */
const usualNames = ['service.yaml', 'service.yml'];

export interface SpecFile {
  /** Relative to the workspace, as the user and GitHub's annotations know it. */
  readonly file: string;
  readonly text: string;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`Cannot read the spec ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Finds and reads the service spec of a workspace. */
export async function readSpecFile(workspace: string, spec: string | undefined): Promise<SpecFile> {
  for (const name of spec === undefined ? usualNames : [spec]) {
    const full = path.resolve(workspace, name);
    const text = await readIfThere(full);
    if (text !== undefined) return { file: path.relative(workspace, full).split(path.sep).join('/'), text };
  }
  throw new UserError(
    spec === undefined
      ? `No service spec: there is neither ${usualNames.join(' nor ')} in ${workspace}. Add one, or name another file with the input spec. Is actions/checkout a step before this one?`
      : `No service spec: there is no file ${spec} in ${workspace}. Check the input spec; is actions/checkout a step before this one?`,
  );
}
