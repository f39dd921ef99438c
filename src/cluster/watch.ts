import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ApiError, parseStatus, readText } from './api.ts';

/** An object as a watch sends it. */
export interface Watched {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Watched & { readonly code?: number; readonly message?: string };
}

/** A server ends an idle watch after a random 30–60 min; one that says nothing, not even a bookmark, for this long is dead. */
const silence = 120_000;

async function* lines(response: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((part) => part !== '');
  }
}

/**
 * Follows the objects of one collection: fills `objects` (by uid) with what is there now, then keeps it up to date, and
 * calls `changed` after each event. Continues from the last resource version when the connection ends, and starts
 * afresh when the server no longer has that version (410). Ends only with the signal, or when the server refuses.
 */
export async function follow(
  api: Api,
  path: string,
  labelSelector: string,
  objects: Map<string, Watched>,
  changed: () => void,
  signal: AbortSignal,
): Promise<void> {
  let resourceVersion: string | undefined;
  for (let failures = 0; !signal.aborted; ) {
    try {
      const query = {
        watch: 'true',
        allowWatchBookmarks: 'true',
        labelSelector,
        // Without a version the server sends every object there is as ADDED first: no list is needed before.
        ...(resourceVersion !== undefined && { resourceVersion }),
      };
      const response = await api.open('GET', path, { query, signal }, silence);
      const code = response.statusCode ?? 0;
      if (code >= 400) throw new ApiError(code, parseStatus(await readText(response), code));
      if (resourceVersion === undefined) objects.clear();
      failures = 0;
      for await (const line of lines(response)) {
        const { type, object } = JSON.parse(line) as WatchEvent;
        if (type === 'ERROR') throw new ApiError(object.code ?? 500, object);
        resourceVersion = object.metadata.resourceVersion;
        if (type === 'BOOKMARK') continue;
        if (type === 'DELETED') objects.delete(object.metadata.uid);
        else objects.set(object.metadata.uid, object);
        changed();
      }
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof ApiError ? error.code : 0;
      if (code === 410) resourceVersion = undefined;
      else if (code >= 400 && code < 500 && code !== 429) throw error;
      await sleep(Math.min(100 * 2 ** failures++, 5_000), undefined, { signal }).catch(() => undefined);
    }
  }
}
