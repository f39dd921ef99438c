/** `npm run bench [-- --runs N] [-- profile]`: this action beside kubectl and helm, or where its own time goes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { down, goTool, up } from '../bed/bed.ts';
import { firstDeploys, redeploys } from './comparison.ts';
import { Field } from './contenders.ts';
import { Namespaces } from './namespaces.ts';
import { publishSample } from './objects.ts';
import { renderPlot } from './plot.ts';
import { profile } from './profile.ts';
import { judge, machine, renderTable } from './table.ts';

const log = (line: string): void => console.error(line);
const out = path.join(import.meta.dirname, 'out');

/** Removes what the runs made; replaced once there is something. */
let cleanUp = async (): Promise<void> => {};

async function compare(field: Field, namespaces: Namespaces, runs: number): Promise<void> {
  const comparisons = [await firstDeploys(field, namespaces, runs, log), await redeploys(field, namespaces, runs, log)];
  const date = new Date().toISOString().slice(0, 10);
  const table = renderTable(comparisons, date);
  const verdicts = judge(comparisons);
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'bench.md'), `${table}\n\n${verdicts.map((one) => `- ${one}`).join('\n')}\n`);
  writeFileSync(path.join(out, 'bench.svg'), renderPlot(comparisons, `${date}, ${machine()}; line: median`));
  writeFileSync(path.join(out, 'bench.json'), `${JSON.stringify(comparisons, null, 2)}\n`);
  console.log(`\n${table}\n\n${verdicts.join('\n')}\n`);
  log(`Also in ${path.relative(process.cwd(), out)}: bench.md, bench.svg, bench.json`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string' } } });
  const [what = 'compare', ...rest] = positionals;
  const runs = Number(values.runs ?? 7);
  if (!['compare', 'profile'].includes(what) || rest.length > 0 || !(Number.isInteger(runs) && runs > 0)) {
    throw new Error('Usage: npm run bench -- [profile] [--runs N]');
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  cleanUp = async () => rmSync(folder, { recursive: true, force: true });
  try {
    const bed = await up({ log });
    const namespaces = new Namespaces(bed);
    cleanUp = async () => {
      rmSync(folder, { recursive: true, force: true });
      await (bed.startedHere ? down({ log }) : namespaces.removeAll());
    };
    if (bed.capabilities.pods !== true)
      throw new Error(`Without pods there is nothing to time: ${bed.capabilities.pods}`);
    const helm = what === 'compare' ? await goTool('helm', log) : '';
    const field = new Field(bed, helm, await publishSample(log), folder);
    if (what === 'compare') await compare(field, namespaces, runs);
    else await profile(field, namespaces, runs, folder, log);
  } finally {
    await cleanUp();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log(`${signal}: stopping, and removing what was made …`);
    void cleanUp().finally(() => process.exit(130));
  });
}
try {
  await main();
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();
