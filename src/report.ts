import type { Change } from './cluster/change.ts';
import type { Outcome } from './cluster/rollout.ts';
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
