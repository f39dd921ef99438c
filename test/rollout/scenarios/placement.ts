import type { Change } from '../workload.ts';
import {
  addFakeNode,
  healthcheck,
  onFakeNodes,
  real,
  removeNodes,
  replicas,
  type Scenarios,
  type Stage,
  spec,
} from './scenario.ts';

const large = 'resource_request: {cpu: 100000, memory: 128}\n';

const claim = (pod: { volumes?: object[]; containers: { volumeMounts?: object[] }[] }) => {
  pod.volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  if (pod.containers[0]) pod.containers[0].volumeMounts = [{ name: 'data', mountPath: '/data' }];
};

const makeClaim = ({ apply }: Stage) =>
  apply({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
  });

/** A volume for the claim. */
const makeVolume = ({ api, namespace }: Stage) =>
  api.request('POST', '/api/v1/persistentvolumes', {
    body: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: namespace },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/tmp', type: 'Directory' },
        claimRef: { name: 'data', namespace },
      },
    },
  });

const removeVolume = ({ kubectl, namespace }: Stage) => kubectl('delete', 'pv', namespace, '--wait=false');

/** Says something of the one pod there is, as somebody else. */
const say =
  (type: string, reason: string, message: string, component: string) =>
  async ({ api, namespace, kubectl }: Stage): Promise<void> => {
    const { items } = JSON.parse(await kubectl('-n', namespace, 'get', 'pods', '-o', 'json'));
    const [{ metadata }] = items;
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: `${metadata.name}.`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid, namespace },
      ...{ type, reason, message, source: { component } },
      ...{ firstTimestamp: now, lastTimestamp: now, count: 1 },
    };
    await api.request('POST', `/api/v1/namespaces/${namespace}/events`, { body: event });
  };

/** The Cluster Autoscaler's words for a pod for which it adds a node. */
const autoscalerSays = say(
  'Normal',
  'TriggeredScaleUp',
  'pod triggered scale-up: [{workers 3->4 (max: 10)}]',
  'cluster-autoscaler',
);

const networkSays = say(
  'Warning',
  'FailedCreatePodSandBox',
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
  'kubelet',
);

/** Says what a kubelet says when all is well, once: nobody repeats it. */
const playKubelet = async ({ api, namespace, kubectl }: Stage): Promise<void> => {
  const where = `/api/v1/nodes/${namespace}-a/status`;
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  await api.request('PATCH', where, {
    contentType: 'application/strategic-merge-patch+json',
    body: { status: { conditions: [ready] } },
  });
  await kubectl('taint', 'node', `${namespace}-a`, 'node.kubernetes.io/not-ready-').catch(() => undefined);
};

const startPods = async ({ api, namespace, kubectl }: Stage): Promise<void> => {
  const { items } = JSON.parse(await kubectl('-n', namespace, 'get', 'pods', '-o', 'json'));
  for (const { metadata, spec: pod } of items) {
    if (pod.nodeName !== `${namespace}-a`) continue;
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: now });
    const status = {
      phase: 'Running',
      startTime: now,
      conditions: [
        condition('Initialized', 'True'),
        condition('ContainersReady', 'False'),
        condition('Ready', 'False'),
        condition('PodScheduled', 'True'),
      ],
      containerStatuses: [
        {
          name: 'web',
          ready: false,
          started: false,
          restartCount: 0,
          image: pod.containers[0].image,
          imageID: '',
          state: { running: { startedAt: now } },
        },
      ],
    };
    await api.request('PATCH', `/api/v1/namespaces/${namespace}/pods/${metadata.name}/status`, {
      contentType: 'application/strategic-merge-patch+json',
      body: { status },
    });
  }
};

const apart: Change = (pod, deployment) => {
  const labelSelector = deployment.spec.selector;
  const term = { labelSelector, topologyKey: 'kubernetes.io/hostname' };
  pod.affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
};

const impatient = onFakeNodes((pod) => {
  for (const key of ['unreachable', 'not-ready']) {
    pod.tolerations.push({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 5,
    });
  }
});

export const placement: Scenarios = {
  'unschedulable-cpu': {
    how: real,
    spec: () => spec({}, 'resource_request: {cpu: 64000, memory: 128}\n'),
    seconds: 30,
  },
  'unschedulable-memory': {
    how: real,
    spec: () => spec({}, 'resource_request: {cpu: 10, memory: 900000}\n'),
    seconds: 10,
  },
  'unschedulable-taint': {
    how: `${real} It asks for nodes that take no pods but their own.`,
    spec: () => spec(),
    change: (pod) => {
      pod.nodeSelector = { type: 'kwok' };
    },
    seconds: 10,
  },
  'unschedulable-heals': {
    how: 'A real scheduler; a node that kwok plays joins after 15 s.',
    spec: () => spec({}, large),
    change: onFakeNodes(),
    meanwhile: [[15, (stage) => addFakeNode(stage, 'a')]],
    after: removeNodes,
    seconds: 25,
  },
  'autoscaler-adds-node': {
    how: "A real scheduler; the autoscaler's event is made by the recorder in its words, and the node, which kwok plays, joins after 80 s.",
    spec: () => spec({}, large),
    change: onFakeNodes(),
    meanwhile: [
      [2, autoscalerSays],
      [80, (stage) => addFakeNode(stage, 'a')],
    ],
    after: removeNodes,
    seconds: 90,
  },
  'one-of-two-unschedulable': {
    how: `${real} The two pods may not share a node, and there is one node.`,
    spec: () => spec({}, replicas(2)),
    change: apart,
    seconds: 30,
  },
  'one-of-two-unschedulable-heals': {
    how: `${real} The two pods may not share a node; the second, which kwok plays, joins after 20 s.`,
    spec: () => spec({}, replicas(2)),
    change: (pod, deployment) => {
      apart(pod, deployment);
      pod.tolerations = [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }];
      const expression = { key: 'type', operator: 'NotIn', values: ['kwok'] };
      const own = { key: 'recording', operator: 'In', values: [deployment.metadata.namespace] };
      const none = { key: 'recording', operator: 'DoesNotExist' };
      pod.affinity.nodeAffinity = {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [expression, own] }, { matchExpressions: [expression, none] }],
        },
      };
    },
    meanwhile: [[20, (stage) => addFakeNode(stage, 'a')]],
    after: removeNodes,
    seconds: 30,
  },
  'volume-not-bound': { how: real, spec: () => spec(), before: makeClaim, change: claim, seconds: 15 },
  'volume-claim-missing': { how: real, spec: () => spec(), change: claim, seconds: 15 },
  'volume-bound-late': {
    how: `${real} The volume is made 10 s after the Deployment is applied.`,
    spec: () => spec({}, healthcheck),
    before: makeClaim,
    change: claim,
    meanwhile: [[10, makeVolume]],
    after: removeVolume,
    seconds: 30,
  },
  'sandbox-refused-heals': {
    how: `${real} It waits for its volume for 10 s; the event of a node without free addresses is made by the recorder in the words of Amazon's network plugin.`,
    spec: () => spec({}, healthcheck),
    before: makeClaim,
    change: claim,
    meanwhile: [
      [3, networkSays],
      [10, makeVolume],
    ],
    after: removeVolume,
    seconds: 30,
  },
  'volume-not-mounted': {
    how: `${real} A volume is a folder of the node that is not there.`,
    spec: () => spec(),
    change: (pod) => {
      pod.volumes = [{ name: 'data', hostPath: { path: '/no/such/folder', type: 'Directory' } }];
      pod.containers[0].volumeMounts = [{ name: 'data', mountPath: '/data' }];
    },
    seconds: 30,
  },
  'node-lost': {
    how: "Real controllers; the first node's kubelet, played by the recorder, falls silent, and a node that kwok plays takes the replacement. The pods give up a lost node after 5 s instead of 300 s.",
    spec: () => spec({}, healthcheck),
    change: impatient,
    before: async (stage) => {
      await addFakeNode(stage, 'a', false);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await playKubelet(stage);
    },
    meanwhile: [
      [3, startPods],
      [15, (stage) => addFakeNode(stage, 'b')],
    ],
    after: async (stage) => {
      const { kubectl, namespace } = stage;
      await removeNodes(stage);
      await kubectl('-n', namespace, 'delete', 'pods', '--all', '--force', '--grace-period=0');
    },
    seconds: 100,
  },
};
