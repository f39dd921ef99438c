/** Where a demo plays: the bed, a workspace, a namespace of its own, and the action run in it as a runner would. */
import type { Bed } from '../bed/bed.ts';
import { command } from '../bed/command.ts';
import { runStep, type Step } from '../e2e/step.ts';
import { type Narration, stepLog } from './narration.ts';

export interface Stage {
  readonly bed: Bed;
  /** An empty folder. */
  readonly workspace: string;
  readonly narration: Narration;
  readonly signal: AbortSignal;
  /** Called in reverse order at the end, unless the bed itself goes. */
  readonly onCleanUp: (cleanUp: () => Promise<void>) => void;
}

/** What a deploy did to each object, and whether it built. */
export interface Result {
  readonly built: boolean;
  readonly changes: Readonly<Record<string, string>>;
}

/** Nobody's name yet, so that the first deploy is a first one. */
export const freshNamespace = (): string => `demo-${Date.now().toString(36)}`;

export function kubectl({ bed }: Stage, ...args: string[]): Promise<string> {
  return command(bed.tools.kubectl, args, { env: { ...process.env, ...bed.env } });
}

/** Removes the namespace when the demo ends, and waits until it is gone. */
export function removeAtEnd(stage: Stage, namespace: string): void {
  stage.onCleanUp(async () => {
    stage.narration.say(`Removing namespace ${namespace} and what runs in it …`);
    // Nobody sends requests any more: pods that end at once let the namespace go in two seconds instead of twenty.
    const from = ['--namespace', namespace, '--all', '--ignore-not-found'];
    await kubectl(stage, 'delete', 'deployments,replicasets', '--cascade=orphan', ...from);
    await kubectl(stage, 'delete', 'pods', '--grace-period=1', ...from);
    await kubectl(stage, 'delete', 'namespace', namespace, '--ignore-not-found', '--timeout=60s');
  });
}

/** A namespace's objects of one kind, as far as their fields are read here. */
export async function list<T>(stage: Stage, namespace: string, kind: string): Promise<T[]> {
  const text = await kubectl(stage, '--namespace', namespace, 'get', kind, '--output', 'json');
  return (JSON.parse(text) as { items: T[] }).items;
}

/** Runs the committed action; its log is shown as it comes. Fails when the step does. */
export async function deploy(
  stage: Stage,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Step & { readonly result: Result }> {
  const { bed, workspace, narration, signal } = stage;
  narration.say('- uses: k8s-service-action');
  narration.say('  with:');
  for (const [name, value] of Object.entries(inputs)) narration.say(`    ${name}: ${value}`);
  const show = stepLog((line) => narration.quote(line));
  let stop = () => {};
  const stopAtOnce = () => stop();
  signal.addEventListener('abort', stopAtOnce);
  const step = await runStep({
    workspace,
    inputs,
    env: { ...bed.env, ...env },
    onOutput: (text, kill) => {
      show(text);
      // Not the signal of a terminal's Ctrl-C, which the step gets by itself: a second one would end it at once.
      stop = () => kill('SIGTERM');
      if (signal.aborted) stop();
    },
  });
  signal.removeEventListener('abort', stopAtOnce);
  signal.throwIfAborted();
  if (step.code !== 0) throw new Error(`The step failed with exit code ${step.code}: its log above says why.`);
  return { ...step, result: JSON.parse(step.outputs.result ?? '{}') as Result };
}

/** `7 created`, `7 unchanged`, `1 configured, 6 unchanged`. */
export function countChanges({ changes }: Result): string {
  const counts = new Map<string, number>();
  for (const action of Object.values(changes)) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([action, count]) => `${count} ${action}`)
    .join(', ');
}
