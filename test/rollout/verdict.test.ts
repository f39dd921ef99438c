import { expect, test } from 'vitest';
import type { Pod, Snapshot } from '../../src/rollout/snapshot.ts';
import { judge } from '../../src/rollout/verdict.ts';

const revision = (number: string) => ({ 'deployment.kubernetes.io/revision': number });

function snapshot(
  status: Snapshot['deployment']['status'],
  pods: readonly Pod[] = [],
  replicaSetStatus: Snapshot['replicaSets'][number]['status'] = {},
): Snapshot {
  return {
    deployment: {
      metadata: { name: 'web', uid: 'd', generation: 2, annotations: revision('2') },
      spec: { replicas: 2, template: {} },
      ...(status && { status }),
    },
    replicaSets: [
      { metadata: { name: 'web-old', uid: 'old', annotations: revision('1'), ownerReferences: [{ uid: 'd' }] } },
      {
        metadata: { name: 'web-new', uid: 'new', annotations: revision('2'), ownerReferences: [{ uid: 'd' }] },
        status: replicaSetStatus,
      },
    ],
    pods,
  };
}

function pod(name: string, owner: string, status: Pod['status']): Pod {
  return { metadata: { name, uid: name, ownerReferences: [{ uid: owner }] }, ...(status && { status }) };
}

const ready: Pod['status'] = { conditions: [{ type: 'Ready', status: 'True' }] };
const waiting = (reason: string, message = ''): Pod['status'] => ({
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [{ name: 'web', ready: false, restartCount: 0, state: { waiting: { reason, message } } }],
});
const all = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

test.each([
  ['everything is of the new generation and available', all, 'complete'],
  ['the controller has not seen the new generation', { ...all, observedGeneration: 1 }, 'progressing'],
  ['not all pods are updated', { ...all, updatedReplicas: 1 }, 'progressing'],
  ['a pod of the old version is left', { ...all, replicas: 3 }, 'progressing'],
  ['a new pod is not available', { ...all, availableReplicas: 1 }, 'progressing'],
  ['there is no status yet', undefined, 'progressing'],
])('when %s', (_, status, state) => {
  expect(judge(snapshot(status)).state).toBe(state);
});

test('a rollout past its deadline has failed, and says what the new ReplicaSet was refused', () => {
  const conditions = [
    { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
  ] as const;
  expect(judge(snapshot({ observedGeneration: 2, conditions }))).toMatchObject({ state: 'failed', cause: 'timed out' });
  const refused = {
    conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: small' }],
  } as const;
  expect(judge(snapshot({ observedGeneration: 2, conditions }, [], refused))).toMatchObject({
    cause: 'exceeded quota: small',
  });
});

test('the deadline of the version before does not count', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] as const;
  expect(judge(snapshot({ observedGeneration: 1, conditions })).state).toBe('progressing');
});

test('until the controller has seen the change, pods of the version before are not taken for new ones', () => {
  const verdict = judge(snapshot({ ...all, observedGeneration: 1 }, [pod('a', 'new', ready)]));
  expect(verdict).toEqual({ state: 'progressing', message: 'applied; the cluster has not begun yet', pods: [] });
});

test('only pods of the new version are counted and shown', () => {
  const pods = [pod('a', 'old', ready), pod('b', 'new', ready), pod('c', 'new', waiting('ErrImagePull', 'not found'))];
  const verdict = judge(snapshot({ observedGeneration: 2, replicas: 3, updatedReplicas: 2 }, pods));
  expect(verdict.message).toBe('1 of 2 ready, 1 ErrImagePull, 1 of the old version left');
  expect(verdict.pods).toEqual([
    { pod: 'b', state: 'ready', ready: true, restarts: 0 },
    { pod: 'c', state: 'ErrImagePull', ready: false, restarts: 0, message: 'not found' },
  ]);
});

test.each<[string, Pod['status'], string, string | undefined]>([
  [
    'no node takes it',
    { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }] },
    'not scheduled',
    '0/3 nodes are available',
  ],
  ['it is being made', waiting('ContainerCreating'), 'pulling or creating', undefined],
  [
    'it crashes again and again',
    {
      containerStatuses: [
        {
          name: 'web',
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        },
      ],
    },
    'CrashLoopBackOff',
    'back-off 40s; last exit code 137 (OOMKilled)',
  ],
  [
    'it runs and fails its probe',
    { containerStatuses: [{ name: 'web', ready: false, restartCount: 0, state: { running: {} } }] },
    'running, not ready',
    undefined,
  ],
])('a pod when %s', (_, status, state, message) => {
  const [one] = judge(snapshot({ observedGeneration: 2 }, [pod('a', 'new', status)])).pods;
  expect(one?.state).toBe(state);
  expect(one?.message).toBe(message);
});
