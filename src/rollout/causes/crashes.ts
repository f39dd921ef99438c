import { type Cause, type ContainerView, inContainers } from '../cause.ts';
import type { Terminated } from '../snapshot.ts';
import { killsBy } from './probes.ts';

/** Exit codes above 128 are the number of the signal that ended the process: https://tldp.org/LDP/abs/html/exitcodes.html */
const signals: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** How a container last ended and how often it was started again; nothing while all is well with it. */
function crash({ status }: ContainerView): { end: Terminated; restarts: number; down: boolean } | undefined {
  const { running, terminated } = status?.state ?? {};
  const end = terminated ?? status?.lastState?.terminated;
  if (!status || !end || (running && status.ready)) return undefined;
  return { end, restarts: status.restartCount, down: !running };
}

function howItEnds({ exitCode, reason }: Terminated): string {
  if (reason === 'StartError' || reason === 'ContainerCannotRun') return 'the container cannot be started';
  const signal = signals[exitCode];
  if (signal) return `the container is ended by a signal (exit code ${exitCode}, ${signal})`;
  if (exitCode === 127) return 'the container ends with exit code 127: a command it calls is not there';
  if (exitCode === 126) return 'the container ends with exit code 126: a command it calls may not be executed';
  return `the container ends with exit code ${exitCode}`;
}

export const crashCauses: readonly Cause[] = [
  {
    id: 'out-of-memory',
    title: 'Out of memory',
    sign: 'OOMKilled',
    advice: 'Raise resource_request.memory (the limit is twice that), or make the service use less.',
    grace: 'one restart',
    why: 'Memory is the same after a restart; one is waited for because a start can be larger than another.',
    source:
      'https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/#exceed-a-container-s-memory-limit',
    of: 'pod',
    inEveryPod: false,
    find: (view) =>
      inContainers(view, (container) => {
        const found = crash(container);
        if (found?.end.reason !== 'OOMKilled') return undefined;
        const limit = container.spec.resources?.limits?.memory;
        return {
          sentence: `the container needs more memory than its limit${limit ? ` of ${limit}` : ''} and is killed for it`,
          said: `OOMKilled, exit code ${found.end.exitCode}, ${found.restarts} restarts`,
          fields: [['resource_request', 'memory'], ['resource_limits', 'memory'], ['resource_request']],
          grace: found.down && found.restarts >= 1 ? 0 : Number.POSITIVE_INFINITY,
        };
      }),
  },
  {
    id: 'crash-loop',
    title: 'Crash loop',
    sign: 'CrashLoopBackOff, Error or Completed with an exit code',
    advice: "The container's last lines say why; run the image with the same environment to see it happen.",
    grace: 'two restarts, and 10 s since the first crash',
    why: 'A service may have to wait for what it needs: the second restart comes some 12 s after the first start.',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy',
    of: 'pod',
    inEveryPod: false,
    find: (view) =>
      inContainers(view, (container) => {
        const found = crash(container);
        if (!found || found.end.reason === 'OOMKilled') return undefined;
        const { end, restarts, down } = found;
        // A restart by a probe is no crash: other rows count those.
        const crashes = restarts - killsBy(container, 'liveness') - killsBy(container, 'startup');
        if (crashes < (down ? 0 : 1)) return undefined;
        const reason = end.reason ? `${end.reason}, ` : '';
        const words = end.message ? `: ${end.message}` : '';
        return {
          sentence:
            end.exitCode === 0
              ? 'the container ends by itself with exit code 0 each time it is started, but a service has to keep running'
              : `${howItEnds(end)} each time it is started`,
          said: `${reason}exit code ${end.exitCode}, ${restarts} restarts${words}`,
          fields: container.spec.command !== undefined ? [['commands'], ['image']] : [['image']],
          grace: down && crashes >= 2 ? 10 : Number.POSITIVE_INFINITY,
        };
      }),
  },
];
