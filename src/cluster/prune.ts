import { type Manifest, objectName, objectPath } from '../resources/manifest.ts';
import { type Api, ApiError } from './api.ts';
import type { LiveObjects } from './apply.ts';
import type { LiveObject } from './change.ts';
import { refusals } from './refusal.ts';

/** The objects of a service that its spec no longer asks for. */
export function leftovers(live: LiveObjects, rendered: readonly Manifest[]): LiveObject[] {
  const wanted = new Set(rendered.map(objectName));
  return [...live.values()].filter((object) => !wanted.has(objectName(object)));
}

/** Deletes them, each only if it is still the object that was seen. */
export async function prune(api: Api, objects: readonly LiveObject[]): Promise<void> {
  const results = await Promise.allSettled(
    objects.map(async (object) => {
      const body = { preconditions: { uid: object.metadata.uid }, propagationPolicy: 'Background' };
      await api.request('DELETE', objectPath(object), { body }).catch((error: unknown) => {
        if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) throw error;
      });
    }),
  );
  const refused = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ what: objectName(objects[index] as LiveObject), error: result.reason }] : [],
  );
  if (refused.length > 0) throw refusals('The new version is live, but objects it no longer needs remain.', refused);
}
