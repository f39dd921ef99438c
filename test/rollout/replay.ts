import type { ClusterEvent, Deployment, Pod, ReplicaSet, Snapshot } from '../../src/rollout/snapshot.ts';
import { judge, type Memory, type Verdict } from '../../src/rollout/verdict.ts';
import type { Recording } from './recording.ts';

/** A verdict, and at which millisecond of the recording it was given. */
export type Moment = Verdict & { readonly at: number };

export interface ReplayOptions {
  /** As where the user may not read Events. */
  readonly withoutEvents?: boolean;
}

/**
 * Judges a recording as it was: after each event of its watches, and whenever a verdict asked for it, also after the
 * last event, as though the cluster had nothing more to say. Ends with the first verdict that ends the rollout.
 */
export function replay({ header, frames }: Recording, { withoutEvents = false }: ReplayOptions = {}): Moment[] {
  const objects = new Map<string, Recording['frames'][number]['object']>();
  const of = (kind: string) => [...objects.values()].filter((object) => object.kind === kind);
  const moments: Moment[] = [];
  let memory: Memory | undefined;
  const look = (at: number): Moment | undefined => {
    const deployment = of('Deployment').find(({ metadata }) => metadata.name === header.deployment);
    if (!deployment) return undefined;
    const snapshot: Snapshot = {
      deployment: deployment as Deployment,
      replicaSets: of('ReplicaSet') as ReplicaSet[],
      pods: of('Pod') as Pod[],
      events: withoutEvents ? [] : (of('Event') as ClusterEvent[]),
      logs: new Map(of('Log').map(({ metadata, text }) => [metadata.name, text])),
    };
    const verdict = judge(snapshot, at, memory);
    memory = verdict.memory;
    moments.push({ ...verdict, at });
    return moments.at(-1);
  };
  const ended = (moment: Moment | undefined) => moment !== undefined && moment.state !== 'progressing';
  /** Judges again at the times that verdicts ask for, until `end`. */
  const wait = (end: number): boolean => {
    for (let due = moments.at(-1)?.judgeAgainAt; due !== undefined && due < end; due = moments.at(-1)?.judgeAgainAt) {
      if (ended(look(due))) return true;
    }
    return false;
  };
  for (const { at, type, object } of frames) {
    if (at > 0 && wait(at)) return moments;
    const { uid } = object.metadata;
    objects.delete(uid);
    if (type !== 'DELETED') objects.set(uid, object);
    // What was there before the deploy came in some order, which nobody saw.
    if (at > 0 && ended(look(at))) return moments;
  }
  wait(Number.POSITIVE_INFINITY);
  return moments;
}
