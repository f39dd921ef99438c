import type { Change } from './cluster/change.ts';
import type { Outcome } from './cluster/rollout.ts';
import { RolloutError } from './errors.ts';
import type { ImageRef } from './image/image.ts';

/** What a run did, as the outputs and the summary tell it. */
export interface Report {
  readonly service: string;
  readonly namespace: string;
  readonly image: ImageRef;
  /** ECR repository URI; absent for an image that is not ours. */
  readonly dockerRepoUrl?: string;
  /** True when the image was built in this run. */
  readonly built: boolean;
  readonly changes: readonly Change[];
  /** Objects that were removed, as `Kind/name`. */
  readonly removed: readonly string[];
  readonly outcome: Outcome;
  readonly urls: readonly string[];
}

/** True when anything in the cluster is different from before. */
export function hasChanged({ changes, removed }: Report): boolean {
  return removed.length > 0 || changes.some(({ action }) => action !== 'unchanged');
}

/** What a rollout that did not end well is called, with the pods' states as evidence. */
export function explainOutcome(outcome: Outcome, service: string, timeout: number): RolloutError {
  const pods = outcome.pods.map(
    ({ pod, state, restarts, message }) =>
      `  ${pod}: ${state}${restarts > 0 ? `, ${restarts} restarts` : ''}${message ? `: ${message}` : ''}`,
  );
  const headline = outcome.timedOut
    ? `${service} was not ready within ${timeout} s (${outcome.message}). The cluster keeps trying.`
    : `${service} does not become ready: ${outcome.state === 'failed' ? outcome.cause : outcome.message}.`;
  return new RolloutError([headline, ...pods].join('\n'));
}
