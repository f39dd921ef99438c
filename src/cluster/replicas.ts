import { fieldManager } from '../resources/labels.ts';
import type { Manifest } from '../resources/manifest.ts';
import type { Api } from './api.ts';
import { applyObject } from './apply.ts';
import { type Change, type LiveObject, ownedFields } from './change.ts';

/**
 * A Deployment under an autoscaler is applied without `replicas`, except that a new one starts with the minimum. The field
 * still has to be somebody's: one whose number was ours until now falls back to 1 when we stop sending it. So it is handed to this second manager, from which the autoscaler takes it at its first change.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
const initialReplicas = `${fieldManager}-initial-replicas`;

/** Sets `replicas` of a Deployment as the second manager; gives the Deployment as it is then. */
export async function setInitialReplicas(api: Api, deployment: Manifest, replicas: number): Promise<LiveObject> {
  const { apiVersion, kind, metadata } = deployment;
  const manifest = {
    apiVersion,
    kind,
    metadata: { name: metadata.name, namespace: metadata.namespace },
    spec: { replicas },
  };
  return (await applyObject(api, manifest, { forceConflicts: true, dryRun: false }, initialReplicas)).object;
}

/** The number of pods that a Deployment would lose when we stop sending `replicas`; none when it is not ours. */
export function replicasToHandOver(live: LiveObject, manifest: Manifest): number | undefined {
  const ours = ownedFields(live) as { 'f:spec'?: { 'f:replicas'?: object } } | undefined;
  const sent = (manifest.spec as { replicas?: number }).replicas;
  if (sent !== undefined || !ours?.['f:spec']?.['f:replicas']) return undefined;
  return (live.spec as { replicas?: number }).replicas;
}

/** A new Deployment's change with the number of pods to start with. */
export function startingWith(change: Change, replicas: number | undefined): Change {
  if (replicas === undefined) return change;
  const { manifest } = change;
  return { ...change, manifest: { ...manifest, spec: { ...(manifest.spec as object), replicas } } };
}

/** Hands `replicas` of a Deployment that was just made to the second manager. A run that ends before is made up for by the next. */
export async function letGoOfReplicas(api: Api, deployment: Manifest, replicas: number): Promise<void> {
  await setInitialReplicas(api, deployment, replicas);
  await applyObject(api, deployment, { forceConflicts: false, dryRun: false });
}
