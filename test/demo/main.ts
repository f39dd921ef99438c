/** `npm run demo`: one service from its spec to running, again without a change, and to its next version. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Bed, current, down, up } from '../bed/bed.ts';
import { duration } from '../bed/progress.ts';
import { Narration } from './narration.ts';
import { simulated } from './simulated.ts';
import { story } from './story.ts';

const begin = performance.now();
const narration = new Narration();
const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A terminal sends its signals to every process of the demo, npm sends them on: the same one comes more than once.
    if (cancelled.signal.aborted) return;
    cancelled.abort(new Error(`Stopped by ${signal}`));
    console.log(`\n   ${signal}: stopping, and removing what was made …`);
  });
}

/** Settles with `work`, or with the cancellation when that is first. */
function unlessCancelled<T>(work: Promise<T>): Promise<T> {
  const { signal } = cancelled;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}

/** Tells what is left behind, rather than hide why the demo ended. */
function remains(error: Error): void {
  narration.expect('nothing is left behind', false, error.message);
}

async function bringUp(): Promise<Bed> {
  return narration.chapter('A Kubernetes cluster, an image registry and AWS (ECR, EKS) on this machine', async () => {
    narration.say(
      'Real ones, but for AWS: moto plays that. The first time builds them from source, which takes minutes.',
    );
    return up({ log: (line) => narration.quote(line) });
  });
}

/** Gives the result in a paragraph. */
async function main(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-'));
  // What the steps make of temporary files goes with it.
  process.env.TMPDIR = folder;
  const workspace = path.join(folder, 'hello');
  mkdirSync(workspace);
  const upBefore = current() !== undefined;
  let bed: Bed | undefined;
  let ended: Promise<string> | undefined;
  const cleanUps: (() => Promise<void>)[] = [];
  try {
    // Not cut short: half a bed is harder to remove than a whole one.
    bed = await bringUp();
    cancelled.signal.throwIfAborted();
    const possible = bed.capabilities.pods === true && bed.capabilities.builds === true;
    const tell = possible ? story : simulated;
    ended = tell({ bed, workspace, narration, signal: cancelled.signal, onCleanUp: (one) => cleanUps.push(one) });
    return await unlessCancelled(ended);
  } finally {
    await ended?.catch(() => undefined);
    const takeDown = bed?.startedHere ?? (!upBefore && current() !== undefined);
    await narration.chapter('Cleaning up', async () => {
      // With the cluster goes all that is in it.
      if (!takeDown) for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(remains);
      else await down({ log: (line) => narration.quote(line) });
      if (!takeDown && bed) narration.say('The cluster was up before the demo and stays up.');
      rmSync(folder, { recursive: true, force: true });
    });
  }
}

try {
  const result = await main();
  const { unmet } = narration;
  const took = duration(performance.now() - begin);
  console.log(
    unmet.length === 0
      ? `\n${result} Every expectation was met, in ${took}.`
      : `\n${result}\nDone in ${took}, but not as expected:\n${unmet.map((one) => `  ✘ ${one}`).join('\n')}`,
  );
  process.exitCode = unmet.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = cancelled.signal.aborted ? 130 : 1;
}
// A part of the cluster that failed leaves others still being waited for.
process.exit();
