/** The shape of the table of causes: what a row is, what it looks at, and what it gives. */

import type { FieldPath } from '../spec/service.ts';
import type { ClusterEvent, Condition, Container, ContainerStatus, Deployment, Pod, ReplicaSet } from './snapshot.ts';

/** One container of a pod: what was asked for, how it stands, and what was said of it, the newest last. */
export interface ContainerView {
  readonly name: string;
  /** False for what somebody else put into the pod: no field of the spec is to blame for it. */
  readonly ours: boolean;
  readonly spec: Container;
  readonly status?: ContainerStatus;
  readonly events: readonly ClusterEvent[];
}

/** What a row about pods looks at. */
export interface PodView {
  readonly pod: Pod;
  readonly containers: readonly ContainerView[];
  /** All of this pod's, the newest last. */
  readonly events: readonly ClusterEvent[];
  /** The end of what a container of it printed before it ended, where somebody has read it. */
  readonly log?: string;
}

/** What a row about the rollout as a whole looks at. */
export interface RolloutView {
  readonly deployment: Deployment;
  readonly replicaSet?: ReplicaSet;
  /** Why the new ReplicaSet could not make a pod; absent when it could. */
  readonly refusal?: Condition;
  /** Pods of the service, of any version, that are being deleted. */
  readonly stopping: readonly Pod[];
  /** About the autoscaler of the service, the newest last. */
  readonly autoscalerEvents: readonly ClusterEvent[];
}

/** True when this row has already matched the same pod or rollout under this key, and has matched ever since. */
export type Seen = (key: string) => boolean;

/** What a row sees in a pod or a rollout. */
export interface Match {
  /** The cause in one sentence, without a capital and a full stop. */
  readonly sentence: string;
  /** Kubernetes' own words. */
  readonly said: string;
  /** What to do; the row's own advice when absent. */
  readonly advice?: string;
  /** Fields of the spec that could be to blame, the likeliest first; the first that is written is. */
  readonly fields: readonly FieldPath[];
  /** Seconds that it must last to be a failure: 0 is at once, Infinity never by itself. */
  readonly grace: number;
  /** Seconds that it must last to be worth a word, where a start that goes well shows it too; 0 when absent. */
  readonly quiet?: number;
  /** Time is counted for each key by itself: a probe that is refused, then answered by a 500, starts again. */
  readonly key?: string;
  /** The container it is about. */
  readonly container?: string;
}

interface Fact {
  readonly id: string;
  readonly title: string;
  /** What Kubernetes shows of it. */
  readonly sign: string;
  readonly advice: string;
  /** How long it may last, in words. */
  readonly grace: string;
  /** Why that is so. */
  readonly why: string;
  /** Where the rule comes from. */
  readonly source: string;
}

/** One row of the table. */
export type Cause = Fact &
  (
    | {
        readonly of: 'pod';
        /** True when it is in what all pods share, so that no other pod can fare better. */
        readonly inEveryPod: boolean;
        readonly find: (view: PodView, seen: Seen) => Match | undefined;
      }
    | { readonly of: 'rollout'; readonly find: (view: RolloutView, seen: Seen) => Match | undefined }
  );

/** A cause that was seen: of a failure, or of what may become one. */
export interface Finding {
  readonly cause: Cause;
  readonly sentence: string;
  readonly said: string;
  readonly advice: string;
  readonly fields: readonly FieldPath[];
  /** A pod that shows it, and the container in it. */
  readonly pod?: string;
  readonly container?: string;
}

/** The first container a rule applies to; the finding says which. Somebody else's container blames no field. */
export function inContainers(
  { containers }: PodView,
  find: (container: ContainerView) => Match | undefined,
): Match | undefined {
  for (const container of containers) {
    const match = find(container);
    if (match) return { ...match, container: container.name, ...(!container.ours && { fields: [] }) };
  }
  return undefined;
}
