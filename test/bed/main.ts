/** `npm run bed -- up|down|env|status|logs`: the bed from the command line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { current, down, status, up } from './bed.ts';
import { inState } from './layout.ts';
import { logFile } from './process.ts';
import { duration } from './progress.ts';

const usage = `Usage: npm run bed -- COMMAND

  up [--with metrics]   bring the bed up: Kubernetes, a registry, AWS (moto), docker with buildx. Safe to repeat
  env                   print "export NAME=value" lines: eval "$(npm run -s bed -- env)"
  status                a line for each part
  logs NAME             the log of a part (names as in status)
  down                  end everything and remove all that was made

Builds are kept in the user's cache folder; the first one takes several minutes.`;

/** A command that was written wrongly. */
class UsageError extends Error {}

const log = (line: string): void => console.error(line);
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { with: { type: 'string', multiple: true }, help: { type: 'boolean' } },
  });
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  if (rest.length > (name === 'logs' ? 1 : 0)) throw new UsageError(`"${name}" does not take "${rest.at(-1)}"`);
  if (values.with && name !== 'up') throw new UsageError(`--with belongs to up, not to ${name}`);
  switch (name) {
    case 'up':
      await up({ with: (values.with ?? []).map(addon), log });
      return 0;
    case 'down':
      await down({ log });
      return 0;
    case 'env':
      return printEnvironment();
    case 'status':
      return printStatus();
    case 'logs':
      return printLog(rest[0]);
    default:
      throw new UsageError(`there is no command "${name}"`);
  }
}

function addon(name: string): 'metrics' {
  if (name !== 'metrics') throw new UsageError(`--with ${name}: there is only metrics`);
  return name;
}

function printEnvironment(): number {
  const bed = current();
  if (!bed) {
    log('The bed is not up. Bring it up: npm run bed -- up');
    return 1;
  }
  for (const [name, value] of Object.entries(bed.env)) console.log(`export ${name}=${quote(value)}`);
  return 0;
}

async function printStatus(): Promise<number> {
  const all = await status();
  if (all.length === 0) {
    console.log('The bed is not up. Bring it up: npm run bed -- up');
    return 1;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const part of all) {
    const running = part.pid === undefined ? '' : `pid ${part.pid}, up ${duration(part.uptime ?? 0)}`;
    console.log([part.name.padEnd(width), part.state.padEnd(9), running.padEnd(26), part.address].join('  '));
  }
  for (const [name, capability] of Object.entries(current()?.capabilities ?? {})) {
    if (capability !== true) console.log(`No ${name} here: ${capability}`);
  }
  return all.every(({ state }) => state === 'ready') ? 0 : 1;
}

async function printLog(name: string | undefined): Promise<number> {
  const names = existsSync(inState('log')) ? readdirSync(inState('log')).sort() : [];
  if (name === undefined || !names.includes(name)) {
    throw new UsageError(`logs NAME: there are ${names.join(', ') || 'none, the bed is not up'}`);
  }
  // A pipe takes 64 KiB at once; the process must not end before the rest is through.
  await new Promise((resolve) => process.stdout.write(readFileSync(logFile(name)), resolve));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const wrong = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  log(
    error instanceof Error
      ? wrong
        ? `${error.message}\n\n${usage}`
        : `${error.name}: ${error.message}`
      : String(error),
  );
  process.exitCode = wrong ? 2 : 1;
}
// A part that failed leaves others still being waited for.
process.exit();
