import type { Log } from '../github/log.ts';
import type { Deployment } from '../rollout/snapshot.ts';
import { isComplete, judge, type Verdict } from '../rollout/verdict.ts';
import { type Api, ApiError } from './api.ts';
import type { LiveObject } from './change.ts';
import { observe } from './observe.ts';
import { refusals } from './refusal.ts';

/** How a rollout ended. */
export type Outcome = Verdict & { readonly timedOut: boolean };

/** Milliseconds after which the log says that the rollout is still going on, though nothing changed. */
const heartbeat = 30_000;

/**
 * Watches a rollout until it is complete, has failed, or `timeout` seconds are over. The log gets a line whenever
 * something changed.
 */
export async function watchRollout(
  api: Api,
  namespace: string,
  applied: LiveObject,
  timeout: number,
  log: Log,
  signal: AbortSignal,
): Promise<Outcome> {
  const deployment = applied as unknown as Deployment & LiveObject;
  if (isComplete(deployment)) {
    return { ...judge({ deployment, replicaSets: [], pods: [] }), timedOut: false };
  }
  const deadline = AbortSignal.timeout(timeout * 1_000);
  let verdict: Verdict | undefined;
  let said = '';
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1_000)} s`;
  const beat = setInterval(() => log.info(`${said || 'waiting for the first pod'} (after ${elapsed()})`), heartbeat);
  try {
    for await (const snapshot of observe(api, namespace, deployment, AbortSignal.any([signal, deadline]))) {
      verdict = judge(snapshot);
      if (verdict.message !== said) log.info(verdict.message);
      said = verdict.message;
      beat.refresh();
      if (verdict.state !== 'progressing') return { ...verdict, timedOut: false };
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw refusals('Everything is applied, but the rollout cannot be watched.', [
      { what: applied.metadata.name, error },
    ]);
  } finally {
    clearInterval(beat);
  }
  signal.throwIfAborted();
  return { ...(verdict ?? judge({ deployment, replicaSets: [], pods: [] })), timedOut: true };
}
