import { type PodState, podState } from './podstate.ts';
import { type Deployment, isObserved, newPods, newReplicaSet, type Snapshot } from './snapshot.ts';

/** How a rollout stands. Every verdict carries the states of the new version's pods, for the log and the summary. */
export type Verdict = {
  /** One line, without a full stop: `1 of 2 ready, 1 creating`. */
  readonly message: string;
  readonly pods: readonly PodState[];
} & ({ readonly state: 'progressing' | 'complete' } | { readonly state: 'failed'; readonly cause: string });

/**
 * True when the Deployment serves its newest template alone, as `kubectl rollout status` judges it: the controller has
 * seen this generation, all pods are of it, all are available, none is left of another.
 */
export function isComplete(deployment: Deployment): boolean {
  const { spec, status = {} } = deployment;
  const wanted = spec.replicas ?? 1;
  return (
    isObserved(deployment) &&
    (status.updatedReplicas ?? 0) >= wanted &&
    (status.replicas ?? 0) <= (status.updatedReplicas ?? 0) &&
    (status.availableReplicas ?? 0) >= (status.updatedReplicas ?? 0)
  );
}

function failure(snapshot: Snapshot): string | undefined {
  if (!isObserved(snapshot.deployment)) return undefined;
  const progressing = snapshot.deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined;
  const refusal = newReplicaSet(snapshot)?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  return refusal?.message ?? progressing.message ?? 'the rollout made no progress within its deadline';
}

function describe(deployment: Deployment, pods: readonly PodState[]): string {
  if (!isObserved(deployment)) return 'applied; the cluster has not begun yet';
  const { spec, status } = deployment;
  const counts = new Map<string, number>();
  for (const { ready, state } of pods) if (!ready) counts.set(state, (counts.get(state) ?? 0) + 1);
  const others = [...counts].map(([state, count]) => `${count} ${state}`);
  const old = Math.max(0, (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0));
  if (old > 0) others.push(`${old} of the old version left`);
  const ready = Math.min(status?.updatedReplicas ?? 0, pods.filter((pod) => pod.ready).length);
  return [`${ready} of ${spec.replicas ?? 1} ready`, ...others].join(', ');
}

/** Judges a rollout by what the cluster shows of it now. Pure: the same snapshot gives the same verdict. */
export function judge(snapshot: Snapshot): Verdict {
  const pods = newPods(snapshot).map(podState);
  const message = describe(snapshot.deployment, pods);
  if (isComplete(snapshot.deployment)) {
    const count = snapshot.deployment.spec.replicas ?? 1;
    return { state: 'complete', message: `${count} of ${count} ready`, pods };
  }
  const cause = failure(snapshot);
  return cause === undefined ? { state: 'progressing', message, pods } : { state: 'failed', cause, message, pods };
}
