/**
 * `.github/actions/deploy/action.yml`: action.yml under a path, for the reusable workflow. A step can name an action of
 * its workflow's own repository, at the commit that runs, as `$/path`; the runner takes no empty path, which would be
 * action.yml itself (TryParseSelfRepository in actions/runner).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
export const deployAction = '.github/actions/deploy/action.yml';

/** What the file has to be: the same inputs, outputs and program as action.yml. */
export function deployActionManifest(): string {
  const text = readFileSync(path.join(root, 'action.yml'), 'utf8');
  const program = /^( +)main: (\S+)$/m;
  const above = path.relative(path.dirname(deployAction), '.');
  if (!program.test(text)) throw new Error('action.yml has no line "main: …" to point from another folder');
  return `# Made from action.yml (npm run check -- --write) for .github/workflows/deploy.yml: use the action itself instead.\n${text.replace(program, `$1main: ${above}/$2`)}`;
}

export function writeDeployAction(): void {
  mkdirSync(path.join(root, path.dirname(deployAction)), { recursive: true });
  writeFileSync(path.join(root, deployAction), deployActionManifest());
}
