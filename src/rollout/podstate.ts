import type { Pod } from './snapshot.ts';

/** Where a pod of a rollout stands, in a word or two, and what Kubernetes says of it when it is in trouble. */
export interface PodState {
  readonly pod: string;
  readonly state: string;
  readonly ready: boolean;
  /** Kubernetes' own words; absent when all is well. */
  readonly message?: string;
  readonly restarts: number;
}

/** Waiting reasons that are a pod's normal way to running. */
const ordinary = new Set(['ContainerCreating', 'PodInitializing']);

/** Reads where a pod stands from its conditions and its containers' states. */
export function podState({ metadata, status }: Pod): PodState {
  const container = status?.containerStatuses?.[0];
  const restarts = container?.restartCount ?? 0;
  const say = (state: string, message?: string): PodState => ({
    pod: metadata.name,
    state,
    ready: false,
    restarts,
    ...(message && { message }),
  });
  if (metadata.deletionTimestamp) return say('stopping');
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  if (condition('Ready')?.status === 'True') return { ...say('ready'), ready: true };
  const scheduled = condition('PodScheduled');
  if (!container) {
    return scheduled?.status === 'False' ? say('not scheduled', scheduled.message) : say('creating');
  }
  const { waiting, running, terminated } = container.state ?? {};
  if (waiting?.reason && !ordinary.has(waiting.reason)) {
    const last = container.lastState?.terminated;
    const exit = last ? `last exit code ${last.exitCode}${last.reason ? ` (${last.reason})` : ''}` : undefined;
    return say(waiting.reason, [waiting.message, exit].filter(Boolean).join('; '));
  }
  if (terminated) {
    return say(
      terminated.reason ?? 'terminated',
      [`exit code ${terminated.exitCode}`, terminated.message].filter(Boolean).join('; '),
    );
  }
  if (running)
    return restarts > 0 ? say('running, not ready', `restarted ${restarts} times`) : say('running, not ready');
  return say('pulling or creating');
}
