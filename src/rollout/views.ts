import type { ContainerView, PodView, RolloutView } from './cause.ts';
import { type ClusterEvent, condition, newReplicaSet, type Pod, type Snapshot } from './snapshot.ts';

/** An autoscaler looks every 15 s; what it has not said again in this many milliseconds is over. */
const autoscalerPeriods = 60_000;

/** When an event was last seen, by the cluster's clock, in milliseconds. */
export function timeOf({ lastTimestamp, series, eventTime, metadata }: ClusterEvent): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}

/** One pod as the rows look at it. */
export function viewPod({ deployment, events, logs }: Snapshot, pod: Pod): PodView {
  const own = events.filter(({ involvedObject }) => involvedObject.uid === pod.metadata.uid);
  const template = deployment.spec.template.spec?.containers ?? [];
  const log = logs?.get(pod.metadata.name);
  const specs = pod.spec?.containers ?? template;
  return {
    pod,
    events: own,
    ...(log !== undefined && { log }),
    containers: specs.map((spec): ContainerView => {
      const status = pod.status?.containerStatuses?.find(({ name }) => name === spec.name);
      return {
        name: spec.name,
        ours: template.some(({ name }) => name === spec.name),
        spec,
        ...(status && { status }),
        events: own.filter(({ involvedObject }) => involvedObject.fieldPath === `spec.containers{${spec.name}}`),
      };
    }),
  };
}

/** The rollout as the rows look at it. */
export function viewRollout(snapshot: Snapshot): RolloutView {
  const { deployment, pods, events } = snapshot;
  const replicaSet = newReplicaSet(snapshot);
  const latest = Math.max(...events.map(timeOf));
  const refused = replicaSet && condition(replicaSet, 'ReplicaFailure');
  return {
    deployment,
    ...(replicaSet && { replicaSet }),
    ...(refused?.status === 'True' && { refusal: refused }),
    stopping: pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined),
    autoscalerEvents: events.filter(
      (event) =>
        event.involvedObject.kind === 'HorizontalPodAutoscaler' &&
        event.involvedObject.name === deployment.metadata.name &&
        timeOf(event) > latest - autoscalerPeriods,
    ),
  };
}

/** How often an event was seen. */
export function countOf({ count, series }: ClusterEvent): number {
  return series?.count ?? count ?? 1;
}

/** The newest event with one of these reasons. */
export function newest(events: readonly ClusterEvent[], ...reasons: readonly string[]): ClusterEvent | undefined {
  return events.findLast(({ reason }) => reason !== undefined && reasons.includes(reason));
}
