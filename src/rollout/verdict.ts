import type { Finding } from './cause.ts';
import { findAll, type Sighting, type Times } from './findings.ts';
import { type PodState, podState } from './podstate.ts';
import { type Deployment, isObserved, isReady, newPods, type Pod, type Snapshot } from './snapshot.ts';

/** What one verdict hands on to the next: times in milliseconds of the caller's clock. */
export interface Memory {
  readonly findings: Times;
  /** When each pod without a readiness probe was first seen to run as it runs now, by uid and number of restarts. */
  readonly running: Readonly<Record<string, number>>;
  /** What of the rollout moves, and since when it has not. */
  readonly progress: { readonly mark: string; readonly at: number };
}

export const noMemory: Memory = { findings: {}, running: {}, progress: { mark: '', at: Number.NEGATIVE_INFINITY } };

/** How a rollout stands. Every verdict carries the states of the new version's pods, for the log and the summary. */
export type Verdict = {
  /** One line, without a full stop: `1 of 2 ready, 1 creating`. */
  readonly message: string;
  readonly pods: readonly PodState[];
  /** What is wrong without being a failure, or not yet: one finding a row, the likeliest cause first. */
  readonly warnings: readonly Finding[];
  readonly memory: Memory;
  /** When to judge again though nothing has changed, in milliseconds of the caller's clock; absent when no time counts. */
  readonly judgeAgainAt?: number;
} & (
  | { readonly state: 'progressing' | 'complete' }
  | { readonly state: 'failed' /** One sentence. */; readonly cause: string; readonly finding: Finding }
);

/** Milliseconds without a change of any number after which a bad pod among good ones is the end of the rollout. */
const standstill = 30_000;
/**
 * Milliseconds that a container without a readiness probe has to run before it counts as ready. Kubernetes calls it
 * ready as soon as it is started: one that ends at once would be a success for a moment after each start.
 */
const settling = 3_000;

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

/** Since when the containers that nobody asks whether they are ready have been running, by pod and restarts. */
function runningSince(pods: readonly Pod[], now: number, before: Memory['running']): Memory['running'] {
  const running: Record<string, number> = {};
  for (const { metadata, spec, status } of pods) {
    for (const one of status?.containerStatuses ?? []) {
      const probe = spec?.containers?.find(({ name }) => name === one.name)?.readinessProbe;
      if (probe || !spec?.containers || metadata.deletionTimestamp !== undefined) continue;
      const key = `${metadata.uid} ${one.name} ${one.restartCount}`;
      if (one.state?.running) running[key] = before[key] ?? now;
    }
  }
  return running;
}

/** A pod that may yet show that the version works: its container runs, was never restarted, and nothing is wrong. */
function isHopeful(pod: Pod, sightings: readonly Sighting[]): boolean {
  const statuses = pod.status?.containerStatuses ?? [];
  return (
    pod.metadata.deletionTimestamp === undefined &&
    !isReady(pod) &&
    statuses.length > 0 &&
    statuses.every(({ state, restartCount }) => state?.running && restartCount === 0) &&
    !sightings.some((sighting) => sighting.pod === pod)
  );
}

/** The sighting that ends the rollout now, and when another one would. */
function decide(sightings: readonly Sighting[], pods: readonly Pod[], now: number, stillSince: number) {
  const good = pods.some(isReady);
  const hopeful = pods.some((pod) => isHopeful(pod, sightings));
  const deadline = sightings.find(({ finding }) => finding.cause.id === 'progress-deadline');
  let again = Number.POSITIVE_INFINITY;
  for (const sighting of sightings) {
    const { cause } = sighting.finding;
    // Nothing is waited for once Kubernetes has given up; a row that knows why says more than the deadline does.
    if (deadline && (sighting === deadline || Number.isFinite(sighting.ripeAt))) return { failure: sighting, again };
    let due = sighting.ripeAt;
    if (good) due = hopeful ? Number.POSITIVE_INFINITY : Math.max(due, stillSince + standstill);
    else if (cause.of === 'pod' && !cause.inEveryPod && hopeful) due = Number.POSITIVE_INFINITY;
    if (due <= now) return { failure: sighting, again };
    again = Math.min(again, due);
  }
  return { failure: undefined, again };
}

/** What there is to tell, one of each row: a hundred pods that cannot pull an image are one finding. */
function oneOfEach(sightings: readonly Sighting[], now: number): Finding[] {
  const byRow = new Map<string, Finding>();
  for (const { finding, tellAt } of sightings) {
    if (tellAt <= now && !byRow.has(finding.cause.id)) byRow.set(finding.cause.id, finding);
  }
  return [...byRow.values()];
}

/**
 * Judges a rollout by what the cluster shows of it now. Pure: the same arguments give the same verdict.
 *
 * @param now milliseconds of any clock that only goes forward
 * @param memory of the verdict before, in the same rollout
 */
export function judge(snapshot: Snapshot, now: number, memory: Memory = noMemory): Verdict {
  const { deployment } = snapshot;
  const newest = newPods(snapshot);
  const { sightings, times } = findAll(snapshot, now, memory.findings);
  const running = runningSince(newest, now, memory.running);
  const old = (deployment.status?.replicas ?? 0) - (deployment.status?.updatedReplicas ?? 0);
  const mark = `${newest.filter(isReady).length} ready of ${newest.map(({ metadata }) => metadata.uid).join()}, ${old} old`;
  const progress = mark === memory.progress.mark ? memory.progress : { mark, at: now };
  const pods = newest.map(podState);
  const common = { pods, memory: { findings: times, running, progress } };
  const warnings = oneOfEach(sightings, now);

  const wanted = deployment.spec.replicas ?? 1;
  // The Deployment's numbers lag behind its pods: one that has ended since still counts as ready there.
  if (isComplete(deployment) && newest.filter(isReady).length >= wanted) {
    const settled = Math.max(...Object.values(running), Number.NEGATIVE_INFINITY) + settling;
    if (settled > now) {
      const message = `${wanted} of ${wanted} started`;
      return { state: 'progressing', message, warnings, judgeAgainAt: settled, ...common };
    }
    return { state: 'complete', message: `${wanted} of ${wanted} ready`, warnings, ...common };
  }
  const message = describe(deployment, pods);
  const { failure, again } = decide(sightings, newest, now, progress.at);
  if (!failure) {
    const judgeAgain = Number.isFinite(again) && { judgeAgainAt: again };
    return { state: 'progressing', message, warnings, ...judgeAgain, ...common };
  }
  const { finding } = failure;
  const others = warnings.filter(({ cause }) => cause !== finding.cause);
  return { state: 'failed', cause: finding.sentence, finding, message, warnings: others, ...common };
}
