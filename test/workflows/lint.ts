/** The two linters of workflow files. Each takes the project's root and says what is wrong, or nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goTool, pythonTool } from '../bed/bed.ts';

const log = (line: string): void => console.error(line);

/** Copies the workflows and what they use of this project, with `$/path` written as another reference to `path`. */
export function copyWorkflows(root: string, target: string, reference: (path: string) => string): void {
  for (const part of ['.github', 'action.yml', 'dist']) {
    cpSync(path.join(root, part), path.join(target, part), { recursive: true });
  }
  const folder = path.join(target, '.github/workflows');
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const text = readFileSync(file, 'utf8');
    const rewritten = text.replace(/\buses: \$\/(\S+)/g, (_, inner: string) => `uses: ${reference(inner)}`);
    writeFileSync(file, rewritten);
  }
}

function lint(program: string, args: readonly string[], cwd: string): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  return status === 0 ? undefined : `${stdout}${stderr}`.trim();
}

/**
 * actionlint 1.7.12 takes `$/path` for a broken reference (rhysd/actionlint#711). In a copy that says `./path` it checks
 * the step as well: that its inputs and outputs are those of the action.
 */
export async function actionlint(root: string): Promise<string | undefined> {
  const program = await goTool('actionlint', log);
  const copy = mkdtempSync(path.join(tmpdir(), 'actionlint-'));
  try {
    copyWorkflows(root, copy, (inner) => `./${inner}`);
    mkdirSync(path.join(copy, '.git')); // By this it knows the root of a project.
    // Without the linters of scripts, which it runs only where they happen to be installed.
    return lint(program, ['-no-color', '-shellcheck=', '-pyflakes='], copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Offline: of an action it audits what the file says of it, not what GitHub knows. */
export async function zizmor(root: string): Promise<string | undefined> {
  const program = await pythonTool('zizmor', log);
  const args = ['--offline', '--persona', 'pedantic', '--quiet', '--no-progress', '--color', 'never'];
  return lint(program, [...args, '--strict-collection', '.'], root);
}
