import type { Log } from '../github/log.ts';
import { fieldManager, ownedSelector } from '../resources/labels.ts';
import {
  allKinds,
  collectionPath,
  type Kind,
  kinds,
  type Manifest,
  objectName,
  objectPath,
} from '../resources/manifest.ts';
import { type Api, ApiError } from './api.ts';
import { type Change, isUnchanged, type LiveObject } from './change.ts';
import { onlyReplicasConflict, refusals } from './refusal.ts';

export interface ApplyOptions {
  /** Take over fields that another manager owns. */
  readonly forceConflicts: boolean;
  readonly dryRun: boolean;
}

/** The objects of a service that are in the cluster now, by `Kind/name`. */
export type LiveObjects = ReadonlyMap<string, LiveObject>;

/** Lists what is in the cluster of a service: every object that carries its labels, of the kinds that are rendered. */
export async function listOwned(api: Api, namespace: string, name: string): Promise<LiveObjects> {
  const query = { labelSelector: ownedSelector(name) };
  const list = async (kind: Kind): Promise<LiveObject[]> => {
    const { body } = await api.request<{ items: LiveObject[] }>('GET', collectionPath(kind, namespace), { query });
    // Items of a list do not say what they are.
    return body.items.map((item) => ({ ...item, kind, apiVersion: kinds[kind].apiVersion }));
  };
  const results = await Promise.allSettled(allKinds.map(list));
  const refused = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ what: kinds[allKinds[index] as Kind].plural, error: result.reason }] : [],
  );
  if (refused.length > 0) throw refusals('Cannot see what is in the cluster; nothing was changed.', refused);
  const objects = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  return new Map(objects.map((object) => [objectName(object), object]));
}

/**
 * One server-side apply. The JSON is sent as it is, and unknown or duplicate fields are refused.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export async function applyObject(
  api: Api,
  manifest: Manifest,
  { forceConflicts, dryRun }: ApplyOptions,
  manager: string = fieldManager,
): Promise<{ created: boolean; object: LiveObject }> {
  const patch = (force: boolean) =>
    api.request<LiveObject>('PATCH', objectPath(manifest), {
      contentType: 'application/apply-patch+yaml',
      body: manifest,
      query: {
        fieldManager: manager,
        fieldValidation: 'Strict',
        ...(force && { force: 'true' }),
        ...(dryRun && { dryRun: 'All' }),
      },
    });
  const { code, body } = await patch(forceConflicts).catch((error: unknown) => {
    if (onlyReplicasConflict(error)) return patch(true);
    throw error;
  });
  return { created: code === 201, object: body };
}

async function planChange(
  api: Api,
  manifest: Manifest,
  live: Promise<LiveObjects>,
  forceConflicts: boolean,
): Promise<Change> {
  const { created, object } = await applyObject(api, manifest, { forceConflicts, dryRun: true });
  if (created) return { manifest, action: 'created' };
  const before =
    (await live).get(objectName(manifest)) ?? (await api.request<LiveObject>('GET', objectPath(manifest))).body;
  return { manifest, action: isUnchanged(before, object) ? 'unchanged' : 'configured', live: before };
}

/**
 * Says what a deploy would do to each object, by asking the API server to do it without keeping it. All refusals come
 * as one error; a namespace that is not there comes as the ApiError it is, since the caller can mend it.
 */
export async function planChanges(
  api: Api,
  manifests: readonly Manifest[],
  live: Promise<LiveObjects>,
  forceConflicts: boolean,
): Promise<Change[]> {
  const [listed, ...results] = await Promise.allSettled([
    live,
    ...manifests.map((manifest) => planChange(api, manifest, live, forceConflicts)),
  ]);
  if (listed.status === 'rejected') throw listed.reason;
  const refused = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ what: objectName(manifests[index] as Manifest), error: result.reason }] : [],
  );
  const withoutNamespace = refused.find(({ error }) => isNamespaceMissing(error));
  if (withoutNamespace) throw withoutNamespace.error;
  if (refused.length > 0) {
    throw refusals(
      `The cluster refuses ${refused.length} of ${manifests.length} objects; nothing was changed.`,
      refused,
    );
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * Applies the changes of one step side by side, and gives each object as it is now, by `Kind/name`. What is unchanged
 * is not sent again.
 */
export async function applyChanges(
  api: Api,
  changes: readonly Change[],
  forceConflicts: boolean,
): Promise<Map<string, LiveObject>> {
  const results = await Promise.allSettled(
    changes.map(async ({ manifest, action, live }) => {
      if (action === 'unchanged' && live) return live;
      return (await applyObject(api, manifest, { forceConflicts, dryRun: false })).object;
    }),
  );
  const refused = results.flatMap((result, index) =>
    result.status === 'rejected'
      ? [{ what: objectName((changes[index] as Change).manifest), error: result.reason }]
      : [],
  );
  const applied = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (refused.length > 0) {
    const done = applied.map(objectName).join(', ') || 'nothing';
    throw refusals(`The cluster accepted the dry run but refused the apply; applied before that: ${done}.`, refused);
  }
  return new Map(applied.map((object) => [objectName(object), object]));
}

/** True when the API server refused an object because its namespace does not exist. */
export function isNamespaceMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404 && error.status.details?.kind === 'namespaces';
}

/** Makes the namespace if it is not there; true when it was made. One that is there is never touched. */
export async function ensureNamespace(api: Api, name: string, log: Log): Promise<boolean> {
  try {
    await api.request('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      query: { fieldManager },
    });
    log.info(`Namespace ${name} created`);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === 409) return false;
    throw refusals(`The namespace ${name} does not exist and cannot be created; nothing was changed.`, [
      { what: `Namespace/${name}`, error },
    ]);
  }
}
