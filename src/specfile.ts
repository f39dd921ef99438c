import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from './errors.ts';
import type { Inputs } from './inputs.ts';
import { formatDiagnostic } from './spec/diagnostic.ts';
import { parseSpec } from './spec/parse.ts';
import type { LocatedService } from './spec/service.ts';

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

/** The service that the workspace's spec describes, or a UserError with everything that is wrong with it. */
export async function readService(inputs: Inputs): Promise<LocatedService> {
  const { file, text } = await readSpecFile(inputs.workspace, inputs.spec);
  const { parent, variables, env } = inputs;
  const parsed = parseSpec(text, { file, parent, variables, env });
  if ('diagnostics' in parsed) {
    const { diagnostics } = parsed;
    const problems = diagnostics.length === 1 ? 'a problem' : `${diagnostics.length} problems`;
    const lines = [`${file} has ${problems}; nothing was changed.`, ...diagnostics.map(formatDiagnostic)];
    throw new UserError(lines.join('\n'), { diagnostics });
  }
  return parsed.services[0] as LocatedService;
}
