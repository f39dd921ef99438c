import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ApiError, parseStatus, readText } from './api.ts';

/** An object as a watch sends it. */
export interface Watched {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Watched & { readonly code?: number; readonly message?: string };
}

/** A server ends an idle watch after a random 30–60 min; one that says nothing, not even a bookmark, for this long is dead. */
const silence = 120_000;
/**
 * Milliseconds after which what a watch that started afresh has not sent is gone. The server sends what is there at
 * once, and does not say where that ends to those who may only watch, not list.
 */
const initialEvents = 1_000;
/** Milliseconds for which an API server that let us in before may refuse us: one that starts up has not read its roles. */
const starting = 30_000;

async function* lines(response: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((part) => part !== '');
  }
}

export interface Following {
  /** REST path of the collection. */
  readonly path: string;
  /** Label selector; everything when absent. */
  readonly selector?: string;
  /** Filled and kept up to date, by uid; what changed last is last. */
  readonly objects: Map<string, Watched>;
  /** Called after each event. */
  readonly changed: () => void;
  /** Which objects to keep at all. */
  readonly wanted?: (object: Watched) => boolean;
}

/**
 * Follows the objects of one collection: fills `objects` with what is there now, then keeps them up to date. Continues
 * from the last resource version when the connection ends, and starts afresh when the server no longer has that version
 * (410); what was there stays meanwhile. Ends only with the signal, or when the server refuses.
 */
export async function follow(api: Api, following: Following, signal: AbortSignal): Promise<void> {
  const { path, selector, objects, changed, wanted } = following;
  let resourceVersion: string | undefined;
  let refusedSince: number | undefined;
  let worked = false;
  for (let failures = 0; !signal.aborted; ) {
    const unseen = new Set(resourceVersion === undefined ? objects.keys() : []);
    const forget = (): void => {
      for (const uid of unseen) objects.delete(uid);
      if (unseen.size > 0) changed();
      unseen.clear();
    };
    let forgetting: NodeJS.Timeout | undefined;
    try {
      const query = {
        watch: 'true',
        allowWatchBookmarks: 'true',
        ...(selector !== undefined && { labelSelector: selector }),
        // Without a version the server sends every object there is as ADDED first: no list is needed before.
        ...(resourceVersion !== undefined && { resourceVersion }),
      };
      const response = await api.open('GET', path, { query, signal }, silence);
      const code = response.statusCode ?? 0;
      if (code >= 400) throw new ApiError(code, parseStatus(await readText(response), code));
      if (worked && unseen.size > 0) forgetting = setTimeout(forget, initialEvents);
      refusedSince = undefined;
      worked = true;
      for await (const line of lines(response)) {
        const { type, object } = JSON.parse(line) as WatchEvent;
        if (type === 'ERROR') throw new ApiError(object.code ?? 500, object);
        failures = 0;
        resourceVersion = object.metadata.resourceVersion;
        if (type === 'BOOKMARK' || wanted?.(object) === false) continue;
        const { uid } = object.metadata;
        unseen.delete(uid);
        objects.delete(uid);
        if (type !== 'DELETED') objects.set(uid, object);
        changed();
      }
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof ApiError ? error.code : 0;
      if (code === 410) resourceVersion = undefined;
      else if (code >= 400 && code < 500 && code !== 429) {
        refusedSince ??= performance.now();
        const passes = worked && (code === 401 || code === 403) && performance.now() - refusedSince < starting;
        if (!passes) throw error;
      }
      await sleep(Math.min(100 * 2 ** failures++, 5_000), undefined, { signal }).catch(() => undefined);
    } finally {
      clearTimeout(forgetting);
    }
  }
}
