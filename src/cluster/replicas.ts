import { fieldManager } from '../resources/labels.ts';
import type { Manifest } from '../resources/manifest.ts';
import type { Api } from './api.ts';
import { applyObject } from './apply.ts';
import { type LiveObject, ownedFields } from './change.ts';

/**
 * A Deployment under an autoscaler is applied without `replicas`. The field still has to be somebody's: without an
 * owner a new Deployment starts at 1 instead of the minimum, and one whose number was ours until now falls back to 1.
 * So it is handed to this second manager, from which the autoscaler takes it at its first change.
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
