import { selectorLabels } from '../resources/labels.ts';
import { collectionPath } from '../resources/manifest.ts';
import type { Deployment, Pod, ReplicaSet, Snapshot } from '../rollout/snapshot.ts';
import type { Api } from './api.ts';
import { follow, type Watched } from './watch.ts';

/**
 * Shows a service's rollout as it goes: a snapshot now, and one after every change of its Deployment, its ReplicaSets
 * or its Pods. Ends when `signal` does; fails when the cluster refuses to be watched.
 *
 * @param applied the Deployment as the apply returned it: older states of it are never shown
 */
export async function* observe(
  api: Api,
  namespace: string,
  applied: Deployment & Watched,
  signal: AbortSignal,
): AsyncGenerator<Snapshot> {
  const name = applied.metadata.name;
  const selector = Object.entries(selectorLabels(name))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const deployments = new Map<string, Watched>([[applied.metadata.uid, applied]]);
  const replicaSets = new Map<string, Watched>();
  const pods = new Map<string, Watched>();
  let wake = Promise.withResolvers<void>();
  let refusal: unknown;
  const changed = () => wake.resolve();
  ended.addEventListener('abort', changed);
  const watch = (path: string, objects: Map<string, Watched>) =>
    follow(api, path, selector, objects, changed, ended).catch((error: unknown) => {
      refusal = error;
      changed();
    });
  const watches = [
    watch(collectionPath('Deployment', namespace), deployments),
    watch(`/apis/apps/v1/namespaces/${namespace}/replicasets`, replicaSets),
    watch(`/api/v1/namespaces/${namespace}/pods`, pods),
  ];
  let deployment: Deployment = applied;
  try {
    while (!ended.aborted) {
      const seen = deployments.get(applied.metadata.uid) as Deployment | undefined;
      // A watch that starts afresh is empty for a moment, and may start with a state from before the apply.
      if (seen && (seen.metadata.generation ?? 0) >= (applied.metadata.generation ?? 0)) deployment = seen;
      yield {
        deployment,
        replicaSets: [...replicaSets.values()] as unknown as ReplicaSet[],
        pods: [...pods.values()] as unknown as Pod[],
      };
      await wake.promise;
      if (refusal !== undefined) throw refusal;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    stop.abort();
    await Promise.all(watches);
  }
}
