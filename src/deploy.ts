/** The cluster's part of the story: what would change, then the changes. Watching the rollout comes after it. */

import type { Api } from './cluster/api.ts';
import { applyChanges, ensureNamespace, isNamespaceMissing, type LiveObjects, planChanges } from './cluster/apply.ts';
import type { Change, LiveObject } from './cluster/change.ts';
import { leftovers, prune } from './cluster/prune.ts';
import { letGoOfReplicas, replicasToHandOver, setInitialReplicas, startingWith } from './cluster/replicas.ts';
import type { Log } from './github/log.ts';
import { type Manifest, objectName } from './resources/manifest.ts';

export interface DeployOptions {
  readonly api: Api;
  readonly namespace: string;
  /** What is there of the service now. */
  readonly live: Promise<LiveObjects>;
  /** Renders the service's objects. The version of its Secret is known for certain only once that is applied. */
  readonly render: (appliedSecret?: LiveObject) => Manifest[];
  readonly forceConflicts: boolean;
  /** Delete what the service no longer needs: only the autoscaler here, the rest is for after the rollout. */
  readonly prune: boolean;
  readonly log: Log;
  /** Called right before the first request that changes anything. */
  readonly onChange: () => void;
}

export interface Deployed {
  /** In the order of the manifests. */
  readonly changes: readonly Change[];
  readonly deployment: LiveObject;
  /** Over once the number of pods is the autoscaler's; the rollout need not wait for it. */
  readonly handover: Promise<void>;
  /** Objects of the service that it no longer needs. */
  readonly leftovers: readonly LiveObject[];
}

/** What pods need to exist before they start. */
const base = new Set(['ServiceAccount', 'Secret']);

async function plan(options: DeployOptions): Promise<Change[]> {
  const { api, namespace, live, render, forceConflicts, log } = options;
  const attempt = () => planChanges(api, render(), live, forceConflicts);
  try {
    return await attempt();
  } catch (error) {
    if (!isNamespaceMissing(error)) throw error;
  }
  const made = await ensureNamespace(api, namespace, log);
  try {
    return await attempt();
  } catch (error) {
    if (made) {
      await api.request('DELETE', `/api/v1/namespaces/${namespace}`);
      log.info(`Namespace ${namespace} removed again`);
    }
    throw error;
  }
}

/** A change as it stands once the Secret is applied: its new version may be all that is new about the Deployment. */
function settled(change: Change, rendered: readonly Manifest[]): Change {
  const manifest = rendered.find((one) => objectName(one) === objectName(change.manifest)) ?? change.manifest;
  if (JSON.stringify(manifest) === JSON.stringify(change.manifest)) return change;
  return { ...change, manifest, action: change.action === 'unchanged' ? 'configured' : change.action };
}

/** Dry-runs everything, then applies what differs: accounts and secrets first, then the rest side by side. */
export async function deploy(options: DeployOptions): Promise<Deployed> {
  const { api, live, render, forceConflicts, onChange } = options;
  const planned = await plan(options);
  const isBase = ({ manifest }: Change) => base.has(manifest.kind);

  onChange();
  const first = await applyChanges(api, planned.filter(isBase), forceConflicts);
  const secret = [...first.values()].find(({ kind }) => kind === 'Secret');
  const rendered = render(secret);
  const changes = planned.map((change) => (isBase(change) ? change : settled(change, rendered)));

  const workload = changes.find(({ manifest }) => manifest.kind === 'Deployment') as Change;
  const autoscaler = rendered.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
  const outdated = leftovers(await live, rendered);
  // An autoscaler that stayed until the rollout is over would go on choosing the number of pods meanwhile.
  if (options.prune)
    await prune(
      api,
      outdated.filter(({ kind }) => kind === 'HorizontalPodAutoscaler'),
    );
  const handedOver = workload.live && replicasToHandOver(workload.live, workload.manifest);
  if (handedOver !== undefined) await setInitialReplicas(api, workload.manifest, handedOver);
  const initial = autoscaler && !workload.live ? (autoscaler.spec as { minReplicas: number }).minReplicas : undefined;
  const rest = changes.filter((change) => !isBase(change));
  const applied = await applyChanges(
    api,
    rest.map((change) => (change === workload ? startingWith(change, initial) : change)),
    forceConflicts,
  );
  const deployment = applied.get(objectName(workload.manifest)) as LiveObject;
  const handover = initial === undefined ? Promise.resolve() : letGoOfReplicas(api, workload.manifest, initial);
  return { changes, deployment, handover, leftovers: outdated };
}
