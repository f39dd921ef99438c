import { selectorLabels } from '../resources/labels.ts';
import { collectionPath } from '../resources/manifest.ts';
import type { ClusterEvent, Deployment, Pod, ReplicaSet, Snapshot } from '../rollout/snapshot.ts';
import { timeOf } from '../rollout/views.ts';
import { type Api, ApiError } from './api.ts';
import { follow, type Watched } from './watch.ts';

/** Kinds of objects whose Events say something of a rollout. */
const told = new Set(['Deployment', 'ReplicaSet', 'Pod', 'HorizontalPodAutoscaler']);

/** The watches of one namespace: one a kind, however many services are observed. */
export class NamespaceWatch {
  /** Why Events cannot be seen, if they cannot: their absence is no reason to end. */
  eventsRefused: ApiError | undefined;
  readonly #deployments = new Map<string, Watched>();
  readonly #replicaSets = new Map<string, Watched>();
  readonly #pods = new Map<string, Watched>();
  readonly #events = new Map<string, Watched>();
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #watches: readonly Promise<void>[];
  #refusal: unknown;

  /** @param names the services to observe */
  constructor(api: Api, namespace: string, names: readonly string[], signal: AbortSignal) {
    const keys = Object.keys(selectorLabels(''));
    const selector = keys.map((key) => `${key} in (${names.join(',')})`).join(',');
    const ended = AbortSignal.any([signal, this.#stop.signal]);
    const changed = () => {
      for (const listener of this.#listeners) listener();
    };
    const watch = (path: string, objects: Map<string, Watched>) =>
      follow(api, { path, selector, objects, changed }, ended).catch((error: unknown) => {
        this.#refusal = error;
        changed();
      });
    const wanted = (object: Watched) => told.has((object as unknown as ClusterEvent).involvedObject.kind ?? '');
    const path = `/api/v1/namespaces/${namespace}/events`;
    const events = follow(api, { path, objects: this.#events, changed, wanted }, ended).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      this.#events.clear();
      this.eventsRefused = error;
      changed();
    });
    this.#watches = [
      watch(collectionPath('Deployment', namespace), this.#deployments),
      watch(`/apis/apps/v1/namespaces/${namespace}/replicasets`, this.#replicaSets),
      watch(`/api/v1/namespaces/${namespace}/pods`, this.#pods),
      events,
    ];
  }

  /** Ends the watches, and waits for that. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#watches);
  }

  /**
   * Shows a service's rollout as it goes: a snapshot now, and one after every change. Ends when `signal` does; fails
   * when the cluster refuses to be watched.
   *
   * @param applied the Deployment as the apply returned it: older states of it are never shown
   */
  async *snapshots(applied: Deployment & Watched, signal: AbortSignal): AsyncGenerator<Snapshot> {
    let wake = Promise.withResolvers<void>();
    const changed = () => wake.resolve();
    this.#listeners.add(changed);
    signal.addEventListener('abort', changed);
    let deployment: Deployment = applied;
    try {
      while (!signal.aborted) {
        if (this.#refusal !== undefined) throw this.#refusal;
        const seen = this.#deployments.get(applied.metadata.uid) as Deployment | undefined;
        // A watch that starts afresh may start with a state from before the apply.
        if (seen && (seen.metadata.generation ?? 0) >= (applied.metadata.generation ?? 0)) deployment = seen;
        yield this.#snapshot(deployment);
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    } finally {
      this.#listeners.delete(changed);
      signal.removeEventListener('abort', changed);
    }
  }

  #snapshot(deployment: Deployment): Snapshot {
    const { name, uid } = deployment.metadata;
    const [key = ''] = Object.keys(selectorLabels(name));
    const ofService = (objects: Map<string, Watched>) =>
      [...objects.values()].filter(({ metadata }) => metadata.labels?.[key] === name);
    const replicaSets = ofService(this.#replicaSets);
    const pods = ofService(this.#pods);
    const shown = new Set([uid, ...[...replicaSets, ...pods].map(({ metadata }) => metadata.uid)]);
    const events = ([...this.#events.values()] as unknown as ClusterEvent[]).filter(
      ({ involvedObject }) =>
        shown.has(involvedObject.uid ?? '') ||
        (involvedObject.kind === 'HorizontalPodAutoscaler' && involvedObject.name === name),
    );
    return {
      deployment,
      replicaSets: replicaSets as unknown as ReplicaSet[],
      pods: pods as unknown as Pod[],
      // Those that were there before come by name; later ones as they happen, which the order of equal times keeps.
      events: events.sort((a, b) => timeOf(a) - timeOf(b)),
    };
  }
}
