import type { Port, Service } from '../spec/service.ts';

/** How long a service may take to start before its container is restarted, in seconds. */
const startLimit = 300;

export interface Probes {
  startupProbe?: object;
  livenessProbe?: object;
  readinessProbe?: object;
}

function check(path: string | undefined, port: Port): object {
  return path === undefined ? { tcpSocket: { port: port.name } } : { httpGet: { path, port: port.name } };
}

/**
 * The probes of a service: HTTP on its paths, TCP on a tcp port, none where the spec names no path.
 *
 * A startup probe every second stands before the liveness probe: a service that is up in two seconds is seen after
 * two, and one that needs four minutes is not killed meanwhile. A probe may take 5 s: with Kubernetes' default of 1 s
 * a garbage collection is enough to take a pod out of service.
 */
export function renderProbes(service: Service): Probes {
  const port = service.ports[0];
  if (!port) return {};
  const { livenessPath, readinessPath } = service.probes;
  const byTcp = port.type === 'tcp';
  const probes: Probes = {};
  if (byTcp || livenessPath !== undefined) {
    const live = check(livenessPath, port);
    probes.startupProbe = { ...live, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: startLimit };
    probes.livenessProbe = { ...live, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };
  }
  if (byTcp || readinessPath !== undefined) {
    probes.readinessProbe = { ...check(readinessPath, port), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 };
  }
  return probes;
}
