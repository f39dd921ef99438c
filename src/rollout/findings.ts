import type { Cause, Finding, Match, Seen } from './cause.ts';
import { causes } from './causes.ts';
import { newPods, type Pod, type Snapshot } from './snapshot.ts';
import { viewPod, viewRollout } from './views.ts';

/** Since when each finding has been there, in milliseconds of the caller's clock, by row, object and key. */
export type Times = Readonly<
  Record<string, { readonly since: number /** When it was first missed. */; readonly gone?: number }>
>;

/**
 * Milliseconds that a finding may be gone and still be the same: a container without a readiness probe counts as ready
 * for a moment after each start, and a watch that starts afresh may show less for a moment.
 */
const blink = 5_000;

/** A finding with its time. */
export interface Sighting {
  readonly finding: Finding;
  readonly pod?: Pod;
  /** When it has lasted long enough to be a failure, in milliseconds of the caller's clock; Infinity for never. */
  readonly ripeAt: number;
  /** When it has lasted long enough to be told. */
  readonly tellAt: number;
}

function sight(cause: Cause, match: Match, since: number, pod?: Pod): Sighting {
  const { sentence, said, fields, container } = match;
  return {
    finding: {
      cause,
      sentence,
      said,
      advice: match.advice ?? cause.advice,
      fields,
      ...(pod && { pod: pod.metadata.name }),
      ...(container !== undefined && { container }),
    },
    ...(pod && { pod }),
    ripeAt: since + match.grace * 1_000,
    tellAt: since + (match.quiet ?? 0) * 1_000,
  };
}

/**
 * Everything the table finds in a snapshot, in the order of the table. A finding keeps its times for as long as its
 * row matches the same object, under whichever key.
 */
export function findAll(snapshot: Snapshot, now: number, before: Times): { sightings: Sighting[]; times: Times } {
  const times: Record<string, Times[string]> = {};
  for (const [key, { since, gone = now }] of Object.entries(before)) {
    if (now - gone <= blink) times[key] = { since, gone };
  }
  const note = (cause: Cause, uid: string, find: (seen: Seen) => Match | undefined): [Match, number] | undefined => {
    const prefix = `${cause.id} ${uid} `;
    const match = find((key) => prefix + key in times);
    if (!match) return undefined;
    // All that this row has seen of the object goes on: it matches now, under whichever key.
    for (const [key, { since }] of Object.entries(times)) if (key.startsWith(prefix)) times[key] = { since };
    const key = prefix + (match.key ?? '');
    const since = times[key]?.since ?? now;
    times[key] = { since };
    return [match, since];
  };
  const sightings: Sighting[] = [];
  const lost = new Set<Pod>();
  const pods = newPods(snapshot).map((pod) => viewPod(snapshot, pod));
  const rollout = viewRollout(snapshot);
  for (const cause of causes) {
    if (cause.of === 'rollout') {
      const found = note(cause, snapshot.deployment.metadata.uid, (seen) => cause.find(rollout, seen));
      if (found) sightings.push(sight(cause, ...found));
      continue;
    }
    for (const view of pods) {
      const { pod } = view;
      // What is being replaced says nothing of the version any more, whatever its containers' last states were.
      if (lost.has(pod)) continue;
      const found = note(cause, pod.metadata.uid, (seen) => cause.find(view, seen));
      if (!found) continue;
      if (cause.id === 'node-lost') lost.add(pod);
      else if (pod.metadata.deletionTimestamp !== undefined) continue;
      sightings.push(sight(cause, ...found, pod));
    }
  }
  return { sightings, times };
}
