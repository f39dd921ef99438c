import type { FieldPath } from '../../spec/service.ts';
import { type Answer, isDefinite, lastAnswer, type ProbeKind, tellAnswer, windowOf } from '../answer.ts';
import { type Cause, type ContainerView, inContainers, type Match } from '../cause.ts';
import { countOf } from '../views.ts';

const probesDoc = 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/';

/** Seconds that a start may take where no startup probe says how long it may: nobody but the service knows. */
const unguardedStart = 60;
/** Seconds for which a probe that does not pass is nothing but a service that starts. */
const ordinaryStart = 10;
/** Seconds that a service which listens may answer its startup probe with a refusal before it is believed. */
const startingUp = 20;

/** How often the kubelet has ended a container because this probe failed. */
export function killsBy({ events }: ContainerView, kind: 'liveness' | 'startup'): number {
  const event = events.findLast(
    ({ reason, message }) => reason === 'Killing' && message?.includes(`failed ${kind} probe`),
  );
  return event ? countOf(event) : 0;
}

function blamed({ status, kind }: Answer, probe: ProbeKind): FieldPath[] {
  const own = probe === 'readiness' ? 'readiness_probe_path' : 'liveness_probe_path';
  const paths: FieldPath[] = [[own], ['healthcheck_path']];
  const ports: FieldPath[] = [['port'], ['ports']];
  const delays: FieldPath[] = [[probe === 'readiness' ? 'initial_readiness_delay' : 'initial_liveness_delay']];
  if (kind === 'refused' || kind === 'garbled') return [...ports, ...paths];
  return status === undefined ? [...delays, ...paths, ...ports] : [...paths, ...ports];
}

function advise({ status, kind }: Answer): string | undefined {
  if (status === 404) return 'Correct the path: the service does not know it.';
  if (status === 401 || status === 403) return 'Let the path be read without a login: the kubelet has none.';
  if (kind === 'refused') {
    return 'Give the port the service listens on; it has to listen on all addresses (0.0.0.0), not on 127.0.0.1 alone.';
  }
  return undefined;
}

function describe(container: ContainerView, probe: ProbeKind, answer: Answer): Omit<Match, 'grace'> | undefined {
  const spec = container.spec[`${probe}Probe`];
  if (!spec) return undefined;
  const advice = advise(answer);
  return {
    sentence: `the ${probe} probe ${tellAnswer(answer, spec, container)}`,
    said: answer.said || `the ${probe} probe has not passed`,
    fields: blamed(answer, probe),
    key: answer.kind,
    quiet: ordinaryStart,
    ...(advice !== undefined && { advice }),
  };
}

export const probeCauses: readonly Cause[] = [
  {
    id: 'liveness-failing',
    title: 'Killed by the liveness probe',
    sign: 'Unhealthy "Liveness probe failed", Killing',
    advice: 'Make the path of the liveness probe answer with 2xx quickly, whatever the service depends on.',
    grace: 'one restart',
    why: 'The probe has already failed several times in a row; the restart is the cure, and is given its chance.',
    source: probesDoc,
    of: 'pod',
    inEveryPod: false,
    find: (view) =>
      inContainers(view, (container) => {
        const kills = killsBy(container, 'liveness');
        if (kills === 0 || container.status?.ready) return undefined;
        const found = describe(container, 'liveness', lastAnswer(container, 'liveness'));
        if (!found) return undefined;
        return {
          ...found,
          sentence: `${found.sentence}, and the container is restarted for it`,
          // One answer or another: it is the restarts that count.
          key: '',
          quiet: 0,
          grace: kills >= 2 ? 0 : Number.POSITIVE_INFINITY,
        };
      }),
  },
  {
    id: 'startup-failing',
    title: 'Startup probe never passes',
    sign: 'Unhealthy "Startup probe failed"',
    advice: 'Make the path answer with 2xx once the service is up.',
    grace: '20 s for an HTTP status other than 503, 429 and 425; else what the probe allows (5 min)',
    why: 'A service that listens and refuses means it; one that does not listen, or says 503, is still starting.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4',
    of: 'pod',
    inEveryPod: false,
    find: (view) =>
      inContainers(view, (container) => {
        const { status, spec } = container;
        const killed = killsBy(container, 'startup') > 0;
        const starting = status?.state?.running !== undefined && status.started === false;
        if (!spec.startupProbe || status?.ready || !(starting || killed)) return undefined;
        const answer = lastAnswer(container, 'startup');
        const found = describe(container, 'startup', answer);
        const allowed = windowOf(spec.startupProbe);
        if (!found) return undefined;
        if (killed) {
          return {
            ...found,
            sentence: `${found.sentence} for as long as it may (${allowed} s)`,
            key: 'killed',
            grace: 0,
          };
        }
        return { ...found, grace: isDefinite(answer) ? Math.min(startingUp, allowed) : allowed };
      }),
  },
  {
    id: 'readiness-failing',
    title: 'Readiness probe fails',
    sign: 'Unhealthy "Readiness probe failed", running but not ready',
    advice: 'Make the path of the readiness probe answer with 2xx once the service can do its work.',
    grace:
      'delay + period × failures + timeout of the probe; 60 s more where no startup probe covers the start and no answer is definite',
    why: 'That is how long a probe takes to find a working container ready; what a start takes, only the service knows.',
    source: probesDoc,
    of: 'pod',
    inEveryPod: false,
    find: (view) =>
      inContainers(view, (container) => {
        const { status, spec } = container;
        if (!spec.readinessProbe || !status?.state?.running || status.ready || status.started === false)
          return undefined;
        const answer = lastAnswer(container, 'readiness');
        const found = describe(container, 'readiness', answer);
        const guarded = spec.startupProbe !== undefined || isDefinite(answer);
        return found && { ...found, grace: windowOf(spec.readinessProbe) + (guarded ? 0 : unguardedStart) };
      }),
  },
];
