import type { Change } from '../workload.ts';
import { healthcheck, readinessOnly, real, type Scenarios, scratch, spec } from './scenario.ts';

const quick: Change = (pod) => {
  const [container] = pod.containers;
  container.livenessProbe.periodSeconds = 2;
  container.readinessProbe.initialDelaySeconds = 12;
  delete container.lifecycle;
  pod.terminationGracePeriodSeconds = 1;
};

const never = 9_000_000;

export const probes: Scenarios = {
  'readiness-500': { how: real, spec: () => spec({ HEALTHY_AFTER: never }, readinessOnly), seconds: 40 },
  'readiness-refused': {
    how: `${real} The service listens on another port.`,
    spec: () => spec({ PORT: 9999 }, readinessOnly),
    seconds: 40,
  },
  'readiness-heals': {
    how: `${real} The service answers 500 for its first 8 s.`,
    spec: () => spec({ HEALTHY_AFTER: 8_000 }, readinessOnly),
    seconds: 30,
  },
  'readiness-slow-start-heals': {
    how: `${real} The service listens after 25 s, and no startup probe waits for it.`,
    spec: () => spec({ LISTEN_DELAY: 25_000 }, readinessOnly),
    seconds: 45,
  },
  'startup-500': { how: real, spec: () => spec({ HEALTHY_AFTER: never }, healthcheck), seconds: 40 },
  'startup-404': { how: real, spec: () => spec({ HEALTHY_AFTER: never, STATUS: 404 }, healthcheck), seconds: 40 },
  'startup-heals': {
    how: `${real} The service answers 500 for its first 8 s.`,
    spec: () => spec({ HEALTHY_AFTER: 8_000 }, healthcheck),
    seconds: 30,
  },
  'startup-503-heals': {
    how: `${real} The service answers 503 for its first 40 s.`,
    spec: () => spec({ HEALTHY_AFTER: 40_000, STATUS: 503 }, healthcheck),
    seconds: 60,
  },
  'startup-slow-heals': {
    how: `${real} The service listens after 40 s.`,
    spec: () => spec({ LISTEN_DELAY: 40_000 }, healthcheck),
    seconds: 60,
  },
  'startup-killed': {
    how: `${real} The startup probe allows 15 s instead of 300 s; nothing listens on the port.`,
    spec: () => spec({ PORT: 9999 }, healthcheck),
    change: (pod) => {
      pod.containers[0].startupProbe.failureThreshold = 15;
    },
    seconds: 50,
  },
  'liveness-killed': {
    how: `${real} The service is sick from its 4th second on; the probes are quicker than usual, and the readiness probe starts later.`,
    spec: () => spec({ SICK_AFTER: 4_000 }, healthcheck),
    change: quick,
    seconds: 70,
  },
  'liveness-heals': {
    how: `${real} The first container of the pod is sick from its 4th second on, the second is not; the probes are quicker than usual, and the readiness probe starts later.`,
    spec: () => spec({ SICK_AFTER: 4_000, ONCE: '/scratch/once' }, healthcheck),
    change: (pod, deployment) => {
      scratch(pod, deployment);
      quick(pod, deployment);
    },
    seconds: 70,
  },
};
