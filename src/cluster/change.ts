import { isDeepStrictEqual } from 'node:util';
import { fieldManager } from '../resources/labels.ts';
import type { Manifest } from '../resources/manifest.ts';

/** An object as the API server sends it. */
export type LiveObject = Manifest & {
  readonly metadata: Manifest['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly managedFields?: readonly ManagedFields[];
  };
};

export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: object;
}

/** What a deploy does to one object. */
export interface Change {
  readonly manifest: Manifest;
  readonly action: 'created' | 'configured' | 'unchanged';
  /** As it was before; absent when it is created. */
  readonly live?: LiveObject;
}

/** The fields that we own of an object, as the server keeps them; none when we never applied it. */
export function ownedFields({ metadata }: LiveObject): object | undefined {
  return metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === fieldManager && operation === 'Apply' && !subresource,
  )?.fieldsV1;
}

/** An object without what the server alone writes and what tells nothing of its content. */
function content(object: LiveObject): object {
  const { status: _, ...rest } = object;
  const { managedFields, resourceVersion, generation, ...metadata } = object.metadata;
  return { ...rest, metadata };
}

/** True when applying would change neither the object nor what we own of it. `after` is what a dry run gave. */
export function isUnchanged(before: LiveObject, after: LiveObject): boolean {
  return (
    isDeepStrictEqual(content(before), content(after)) && isDeepStrictEqual(ownedFields(before), ownedFields(after))
  );
}
