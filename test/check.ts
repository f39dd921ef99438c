/**
 * `npm run check`: what must hold of the project beside its tests. A line for each check, and how many there were.
 * `npm run check -- --write` first writes what is made from action.yml.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { duration } from './bed/progress.ts';
import { deployAction, deployActionManifest, writeDeployAction } from './workflows/deploy-action.ts';
import { actionlint, zizmor } from './workflows/lint.ts';

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, 'dist');
const temporary = mkdtempSync(path.join(tmpdir(), 'check-'));

/** What is wrong; nothing when all is well. */
type Finding = string | undefined;

interface Check {
  readonly name: string;
  readonly run: () => Finding | Promise<Finding>;
}

/** Runs a program of the project with this Node. */
function node(args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}) {
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (result.error) throw result.error;
  return { status: result.status, output: `${result.stdout}${result.stderr}`.trim() };
}

function program(...args: readonly string[]): Finding {
  const { status, output } = node(args);
  return status === 0 ? undefined : output || `It ended with ${status}.`;
}

const bundleFiles = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

function distIsBuilt(): Finding {
  const fresh = path.join(temporary, 'dist');
  const failure = program('test/build.ts', fresh);
  if (failure !== undefined) return failure;
  const names = [...new Set([...bundleFiles(dist), ...bundleFiles(fresh)])].sort();
  const content = (folder: string, name: string): Buffer | undefined =>
    existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name)) : undefined;
  const different = names.filter((name) => {
    const [committed, built] = [content(dist, name), content(fresh, name)];
    return !committed || !built || !committed.equals(built);
  });
  if (different.length === 0) return undefined;
  return `Different from what src builds: ${different.map((name) => `dist/${name}`).join(', ')}. Run npm run build.`;
}

const stub = /webpackMissingModule|webpackEmpty(?:Async)?Context|Cannot find module/;

/** ncc leaves code that throws in the place of a module that it did not find. */
async function bundleIsWhole(): Promise<Finding> {
  const findings: string[] = [];
  for (const name of bundleFiles(dist).filter((file) => file.endsWith('.js'))) {
    const text = readFileSync(path.join(dist, name), 'utf8');
    const stubs = text.split('\n').filter((line) => stub.test(line));
    findings.push(...stubs.map((line) => `dist/${name}: ${line.trim().slice(0, 200)}`));
    for (const [, wanted = ''] of text.matchAll(
      /__WEBPACK_EXTERNAL_createRequire\(import\.meta\.url\)\("([^"]+)"\)/g,
    )) {
      if (!isBuiltin(wanted)) findings.push(`dist/${name} needs the module "${wanted}", which is not in the bundle`);
    }
    if (name !== 'index.js')
      await import(path.join(dist, name)).catch((error) => findings.push(`dist/${name}: ${error}`));
  }
  const workspace = path.join(temporary, 'workspace');
  mkdirSync(workspace);
  const { status, output } = node([path.join(dist, 'index.js')], {
    cwd: workspace,
    env: { PATH: process.env.PATH, GITHUB_WORKSPACE: workspace },
  });
  if (status !== 1 || !output.startsWith('::error::No service spec')) {
    findings.push(`dist/index.js in an empty workspace ended with ${status}:\n${output}`);
  }
  return findings.join('\n') || undefined;
}

/** A runner downloads the bundle, and shows lines of it when something is thrown. */
function bundleIsSmallAndReadable(): Finding {
  const limit = 6 << 20;
  const files = bundleFiles(dist);
  const size = files.reduce((sum, name) => sum + statSync(path.join(dist, name)).size, 0);
  const findings = size > limit ? [`dist has ${size} bytes, more than ${limit}`] : [];
  for (const name of files.filter((file) => file.endsWith('.js'))) {
    const text = readFileSync(path.join(dist, name), 'utf8');
    const average = Math.round(text.length / text.split('\n').length);
    if (average > 100) findings.push(`dist/${name} looks minified: ${average} characters a line`);
  }
  return findings.join('\n') || undefined;
}

/** The runner evaluates expressions in the descriptions too, and does not load an action with a context it lacks there. */
function manifestHasNoExpressions(): Finding {
  const { inputs, outputs } = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Record<
    'inputs' | 'outputs',
    Record<string, { description?: string }>
  >;
  const wrong = Object.entries({ ...inputs, ...outputs }).filter(([, { description }]) => description?.includes('${{'));
  if (wrong.length === 0) return undefined;
  return `Descriptions with an expression, which the runner would evaluate: ${wrong.map(([name]) => name).join(', ')}`;
}

function deployActionIsCurrent(): Finding {
  const file = path.join(root, deployAction);
  if (existsSync(file) && readFileSync(file, 'utf8') === deployActionManifest()) return undefined;
  return `${deployAction} is not what action.yml asks for. Run npm run check -- --write.`;
}

const checks: readonly Check[] = [
  { name: 'types (tsc)', run: () => program('node_modules/typescript/bin/tsc', '-p', '.') },
  { name: 'lint and format (biome)', run: () => program('node_modules/@biomejs/biome/bin/biome', 'check', '.') },
  { name: 'documentation follows the sources', run: () => program('test/docs/main.ts', '--check') },
  { name: 'dist is what src builds, byte for byte', run: distIsBuilt },
  { name: 'dist loads and lacks no module', run: bundleIsWhole },
  { name: 'dist is at most 6 MB and not minified', run: bundleIsSmallAndReadable },
  { name: 'action.yml has no expression in a description', run: manifestHasNoExpressions },
  { name: `${deployAction} follows action.yml`, run: deployActionIsCurrent },
  { name: 'workflows (actionlint)', run: () => actionlint(root) },
  { name: 'workflows (zizmor)', run: () => zizmor(root) },
];

if (process.argv.includes('--write')) writeDeployAction();
let failed = 0;
try {
  for (const { name, run } of checks) {
    const start = Date.now();
    let finding: Finding;
    try {
      finding = await run();
    } catch (error) {
      finding = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const time = duration(Date.now() - start);
    console.log(finding === undefined ? `ok      ${name} (${time})` : `FAILED  ${name} (${time})`);
    if (finding === undefined) continue;
    failed++;
    console.log(finding.replaceAll(/^/gm, '        '));
  }
} finally {
  rmSync(temporary, { recursive: true });
}
console.log(`Checks: ${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
