/** The runs, one contender after the other, round after round. */
import type { Log } from '../bed/progress.ts';
import { type Contender, contenders, type Field } from './contenders.ts';
import { type Measure, measure } from './measure.ts';
import type { Namespaces } from './namespaces.ts';

export interface Comparison {
  readonly title: string;
  readonly rounds: readonly Readonly<Record<Contender, Measure>>[];
}

type Run = (contender: Contender) => Promise<Measure>;

async function alternate(title: string, count: number, run: Run, log: Log): Promise<Comparison> {
  const rounds: Record<Contender, Measure>[] = [];
  // The first round warms up: images on the node, files and discovery in their caches.
  for (let number = 0; number <= count; number++) {
    const measured: Partial<Record<Contender, Measure>> = {};
    for (const contender of contenders) measured[contender] = await run(contender);
    const round = measured as Record<Contender, Measure>;
    const walls = contenders.map((contender) => `${contender} ${round[contender].wall.toFixed(2)} s`);
    log(`${title}, ${number === 0 ? 'warm-up' : `${number} of ${count}`}: ${walls.join(', ')}`);
    if (number > 0) rounds.push(round);
  }
  return { title, rounds };
}

/** Each run goes to a namespace of its own that is empty and exists. */
export function firstDeploys(field: Field, namespaces: Namespaces, count: number, log: Log): Promise<Comparison> {
  const run: Run = async (contender) => {
    const namespace = await namespaces.create();
    const measured = await measure(field.commands(contender, namespace));
    await namespaces.expectReady(namespace);
    await namespaces.remove(namespace);
    return measured;
  };
  return alternate('First deploy', count, run, log);
}

/** Each contender deploys again what it deployed before. */
export async function redeploys(field: Field, namespaces: Namespaces, count: number, log: Log): Promise<Comparison> {
  const homes = new Map<Contender, string>();
  for (const contender of contenders) {
    const namespace = await namespaces.create();
    homes.set(contender, namespace);
    await measure(field.commands(contender, namespace));
  }
  const run: Run = async (contender) => {
    const measured = await measure(field.commands(contender, homes.get(contender) ?? ''));
    if (contender === 'this action' && field.actionChanged()) throw new Error('the action changed something');
    return measured;
  };
  return alternate('Nothing changed', count, run, log);
}
