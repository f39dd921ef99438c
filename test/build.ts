/**
 * Bundles `src/index.ts` and what it needs into `dist/`, and puts the spec's schema beside it; byte for byte the same on every machine.
 *
 *     npm run build             writes dist/
 *     npm run build -- DIR      writes DIR (the check compares the two)
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonSchema } from '../src/spec/json-schema.ts';

const root = path.dirname(import.meta.dirname);
const staging = path.join(root, '.build');
const target = path.resolve(process.argv[2] ?? path.join(root, 'dist'));

/**
 * Packages that keep code a step never runs, because their package.json does not say that importing them has no side
 * effects. The bundler sees a copy that says so, and leaves out what nothing imports: client-node's generated API alone
 * is 20 MB and 0.3 s of start-up.
 */
const withoutSideEffects = [
  '@kubernetes/client-node',
  '@actions/core',
  '@actions/http-client',
  '@actions/exec',
  '@actions/io',
];

/**
 * client-node's KubeConfig imports undici for the generated API client. Requests here go through node:https with the
 * options KubeConfig gives for it, so undici would be loaded (1.5 MB, 0.1 s) and never called.
 */
const unusedUndici = `const unused = (name) => class { constructor() { throw new Error(\`undici.\${name} is not part of this bundle\`); } };
export const Agent = unused('Agent');
export const ProxyAgent = unused('ProxyAgent');
export const fetch = unused('fetch');
`;

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'node_modules', program), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(`${program} failed:\n${stdout}${stderr}`);
  process.exit(1);
}

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging);
writeFileSync(
  path.join(staging, 'tsconfig.json'),
  JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: { noEmit: false, rootDir: '../src', outDir: 'src' },
    include: ['../src'],
  }),
);
run('typescript/bin/tsc', ['-p', '.build']);
for (const name of withoutSideEffects) {
  const original = path.join(root, 'node_modules', name);
  const copy = path.join(staging, 'node_modules', name);
  cpSync(original, copy, {
    recursive: true,
    filter: (file) => !/\.(d\.ts|map)$|^\/node_modules\//.test(file.slice(original.length)),
  });
  const manifest = path.join(copy, 'package.json');
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), sideEffects: false }));
}
const undici = path.join(staging, 'node_modules/undici');
mkdirSync(undici, { recursive: true });
writeFileSync(
  path.join(undici, 'package.json'),
  '{"name":"undici","type":"module","main":"index.js","sideEffects":false}',
);
writeFileSync(path.join(undici, 'index.js'), unusedUndici);
writeFileSync(path.join(staging, 'package.json'), '{"type":"module"}');
rmSync(target, { recursive: true, force: true });
run('@vercel/ncc/dist/ncc/cli.js', ['build', '.build/src/index.js', '--out', target, '--no-cache']);
// One character outside ASCII makes the engine read a whole file with two bytes a character: 10 ms more at every start.
for (const name of readdirSync(target).filter((file) => file.endsWith('.js'))) {
  const file = path.join(target, name);
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // Without the u flag a character beyond the basic plane is two units, and two escapes, as JavaScript writes it.
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/[^\0-\x7f]/g, escaped));
}
writeFileSync(path.join(target, 'service.schema.json'), `${JSON.stringify(jsonSchema(), null, 2)}\n`);
rmSync(staging, { recursive: true, force: true });
