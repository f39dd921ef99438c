import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../github/log.ts';
import type { Finding } from '../rollout/cause.ts';
import { cleanLog, cleanText, type Evidence } from '../rollout/evidence.ts';
import type { Deployment, Snapshot } from '../rollout/snapshot.ts';
import { isComplete, judge, type Verdict } from '../rollout/verdict.ts';
import { type Api, ApiError } from './api.ts';
import type { LiveObject } from './change.ts';
import { readContainerLog } from './containerlog.ts';
import { NamespaceWatch } from './observe.ts';
import { explain, refusals } from './refusal.ts';

/** How a rollout ended. */
export type Outcome = Verdict & {
  readonly timedOut: boolean;
  /** What proves the finding of a failure, or what was the likeliest cause when the time was over. */
  readonly evidence?: Evidence;
};

/** Milliseconds after which the log says that the rollout is still going on, though nothing changed. */
const heartbeat = 30_000;

/** The same snapshots, and the last one again each time that `again` is fulfilled before the next one comes. */
async function* withRepeats(
  source: AsyncGenerator<Snapshot>,
  again: (signal: AbortSignal) => Promise<unknown>,
): AsyncGenerator<Snapshot> {
  let last: Snapshot | undefined;
  let next = source.next();
  for (;;) {
    const over = new AbortController();
    const repeat = again(over.signal).then(
      () => undefined,
      () => new Promise<never>(() => undefined),
    );
    const result = last ? await Promise.race([next, repeat]) : await next;
    over.abort();
    if (result?.done) return;
    if (result) {
      last = result.value;
      next = source.next();
      // Nobody may be left to hear of it: the caller may have seen enough.
      next.catch(() => undefined);
    }
    if (last) yield last;
  }
}

async function gather(
  api: Api,
  namespace: string,
  finding: Finding,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<Evidence> {
  const { pod, container } = finding;
  // Only a container that has run has something to tell.
  const log =
    pod !== undefined && container !== undefined
      ? await readContainerLog(api, { namespace, pod, container }, signal)
      : undefined;
  return {
    ...(pod !== undefined && { pod }),
    ...(container !== undefined && { container }),
    state: cleanText(finding.said, secrets),
    log: log ? cleanLog(log.text, secrets) : [],
    previous: log?.previous ?? false,
  };
}

/** A finding as it may be shown: what it quotes may quote a secret. */
function cleanFinding(finding: Finding, secrets: readonly string[]): Finding {
  return {
    ...finding,
    sentence: cleanText(finding.sentence, secrets),
    said: cleanText(finding.said, secrets),
    advice: cleanText(finding.advice, secrets),
  };
}

function cleanVerdict<T extends Verdict>(verdict: T, secrets: readonly string[]): T {
  const clean = (one: Finding) => cleanFinding(one, secrets);
  return {
    ...verdict,
    warnings: verdict.warnings.map(clean),
    pods: verdict.pods.map((pod) => ({ ...pod, ...(pod.message && { message: cleanText(pod.message, secrets) }) })),
    ...(verdict.state === 'failed' && {
      finding: clean(verdict.finding),
      cause: cleanText(verdict.cause, secrets),
    }),
  };
}

/**
 * Watches a rollout until it is complete, has failed, or `timeout` seconds are over. The log gets a line whenever
 * something changed, and one for each thing that may go wrong.
 *
 * @param secrets values that nothing of the outcome may show
 */
export async function watchRollout(
  api: Api,
  namespace: string,
  applied: LiveObject,
  timeout: number,
  log: Log,
  signal: AbortSignal,
  secrets: readonly string[] = [],
): Promise<Outcome> {
  const deployment = applied as unknown as Deployment & LiveObject;
  if (isComplete(deployment)) {
    const count = deployment.spec.replicas ?? 1;
    const memory = { findings: {}, running: {}, progress: { mark: '', at: 0 } };
    return {
      state: 'complete',
      message: `${count} of ${count} ready`,
      pods: [],
      warnings: [],
      memory,
      timedOut: false,
    };
  }
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal, AbortSignal.timeout(timeout * 1_000)]);
  const watch = new NamespaceWatch(api, namespace, [applied.metadata.name], ended);
  const started = performance.now();
  let verdict: Verdict | undefined;
  let said = '';
  const told = new Set<string>();
  const logs = new Map<string, string>();
  const reading = new Map<string, Promise<void>>();
  let arrived = Promise.withResolvers<void>();
  /** The log of a container that ended says at once what its exit code does not. */
  const readEnd = ({ pod, container, cause }: Finding): void => {
    if (cause.id !== 'crash-loop' || pod === undefined || container === undefined || reading.has(pod)) return;
    const read = readContainerLog(api, { namespace, pod, container }, ended).then((end) => {
      if (end) logs.set(pod, end.text);
      arrived.resolve();
    });
    reading.set(pod, read);
  };
  const again = async (over: AbortSignal): Promise<void> => {
    const due = verdict?.judgeAgainAt;
    const alarm = due === undefined ? [] : [sleep(Math.max(0, due - performance.now()), undefined, { signal: over })];
    await Promise.race([...alarm, arrived.promise]);
    arrived = Promise.withResolvers();
  };
  const tell = (current: Verdict): void => {
    if (current.message !== said) log.info(current.message);
    said = current.message;
    for (const { cause, sentence, pod } of cleanVerdict(current, secrets).warnings) {
      if (told.has(cause.id)) continue;
      told.add(cause.id);
      log.info(`${pod ? `${pod}: ` : ''}${sentence}`);
    }
    if (watch.eventsRefused && !told.has('events')) {
      told.add('events');
      log.info(`Why a pod does not start may stay unsaid: ${explain(watch.eventsRefused)}`);
    }
  };
  const elapsed = () => `${Math.round((performance.now() - started) / 1_000)} s`;
  const beat = setInterval(() => log.info(`${said || 'waiting for the first pod'} (after ${elapsed()})`), heartbeat);
  try {
    for await (const seen of withRepeats(watch.snapshots(deployment, ended), again)) {
      const snapshot = logs.size > 0 ? { ...seen, logs } : seen;
      verdict = judge(snapshot, performance.now(), verdict?.memory);
      for (const finding of verdict.warnings) readEnd(finding);
      const before = said;
      tell(verdict);
      if (said !== before) beat.refresh();
      if (verdict.state !== 'progressing') break;
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw refusals('Everything is applied, but the rollout cannot be watched.', [
      { what: applied.metadata.name, error },
    ]);
  } finally {
    clearInterval(beat);
    stop.abort();
    await watch.close();
  }
  signal.throwIfAborted();
  const last = verdict ?? judge({ deployment, replicaSets: [], pods: [], events: [] }, performance.now());
  const timedOut = last.state === 'progressing';
  const finding = last.state === 'failed' ? last.finding : timedOut ? last.warnings[0] : undefined;
  const evidence = finding && { evidence: await gather(api, namespace, finding, secrets, signal) };
  return { ...cleanVerdict(last, secrets), timedOut, ...evidence };
}
