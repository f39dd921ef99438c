import type { ContainerView } from './cause.ts';
import type { Probe } from './snapshot.ts';

export type ProbeKind = 'readiness' | 'liveness' | 'startup';

/** What a probe last got from a container. */
export interface Answer {
  /** `500` for an HTTP status; else in words what happened; empty when nobody says. */
  readonly kind: string;
  /** HTTP status. */
  readonly status?: number;
  /** What the kubelet says. */
  readonly said: string;
}

const named = { readiness: 'Readiness', liveness: 'Liveness', startup: 'Startup' } as const;

/**
 * The newest answer. The kubelet sends at most 25 events about a pod in a row, then one in five minutes: it may be an
 * older one. https://github.com/kubernetes/client-go/blob/v0.36.3/tools/record/events_cache.go
 */
export function lastAnswer({ events }: ContainerView, kind: ProbeKind): Answer {
  const start = `${named[kind]} probe `;
  const event = events.findLast(({ reason, message }) => reason === 'Unhealthy' && message?.startsWith(start));
  const said = event?.message ?? '';
  const status = /statuscode: (\d+)/.exec(said)?.[1];
  if (status !== undefined) return { kind: status, status: Number(status), said };
  if (/connection refused/i.test(said)) return { kind: 'refused', said };
  if (/timeout|timed out|deadline exceeded/i.test(said)) return { kind: 'timeout', said };
  if (/connection reset|EOF|malformed HTTP|server gave HTTP response to HTTPS/i.test(said))
    return { kind: 'garbled', said };
  return { kind: said === '' ? '' : 'failed', said };
}

/**
 * True when a service that is up gave an answer it means: everything but "not yet" and "later".
 * https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4
 */
export function isDefinite({ status }: Answer): boolean {
  return status !== undefined && status !== 503 && status !== 429 && status !== 425;
}

/** Seconds in which a probe finds a container that is well from its start to be well, at the latest. */
export function windowOf(probe: Probe): number {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3, timeoutSeconds = 1 } = probe;
  return initialDelaySeconds + periodSeconds * failureThreshold + timeoutSeconds;
}

function portOf(port: string | number, { spec }: ContainerView): string {
  const found = spec.ports?.find(({ name }) => name === port)?.containerPort;
  return String(found ?? port);
}

/** `gets status 500 from /healthz on port 8080`, as the end of a sentence about a probe. */
export function tellAnswer(answer: Answer, probe: Probe, container: ContainerView): string {
  const { httpGet, tcpSocket } = probe;
  const asked = httpGet ?? tcpSocket;
  const port = asked ? portOf(asked.port, container) : '';
  const where = httpGet ? `${httpGet.path ?? '/'} on port ${port}` : `port ${port}`;
  if (answer.status !== undefined) return `gets status ${answer.status} from ${where}`;
  if (answer.kind === 'refused') return `finds nothing that listens on port ${port}`;
  if (answer.kind === 'timeout')
    return `gets no answer${asked ? ` from ${where}` : ''} within ${probe.timeoutSeconds ?? 1} s`;
  if (answer.kind === 'garbled') return `gets an answer from ${where} that is not HTTP`;
  return asked ? `does not pass on ${where}` : 'does not pass';
}
