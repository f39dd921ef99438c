import type { FieldPath } from '../../spec/service.ts';
import type { Cause, Match, PodView } from '../cause.ts';
import { condition } from '../snapshot.ts';
import { newest } from '../views.ts';

/** Why the scheduler finds no node, in its own words; without what it says of preemption. */
function unschedulable({ pod }: PodView): string | undefined {
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return scheduled.message ?? 'no node takes the pod';
}

const ofVolumes = /persistentvolumeclaim|volume node affinity|available persistent volumes|unbound/i;
const preemption = /\. (preemption|no new claims).*$/;

interface Obstacle {
  readonly pattern: RegExp;
  readonly sentence: string;
  readonly advice: string;
  readonly fields: readonly FieldPath[];
}

const resource = (name: string, field: string): Obstacle => ({
  pattern: new RegExp(`Insufficient ${name}`),
  sentence: `no node has as much ${name} left as a pod requests`,
  advice: `Request less (resource_request.${field}), or add nodes.`,
  fields: [['resource_request', field], ['resource_request'], ['min_containers']],
});

/** The scheduler's plugins and what they say: https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/scheduler/framework/plugins */
const obstacles: readonly Obstacle[] = [
  resource('cpu', 'cpu'),
  resource('memory', 'memory'),
  {
    pattern: /Too many pods/,
    sentence: 'every node has as many pods as it takes',
    advice: 'Add nodes, or run fewer pods (min_containers).',
    fields: [['min_containers']],
  },
  {
    pattern: /Insufficient (\S+)/,
    sentence: 'no node has enough left of what a pod requests',
    advice: 'Request less, or add nodes.',
    fields: [['resource_request']],
  },
  {
    pattern: /anti-affinity|topology spread/,
    sentence: 'no node is left that is far enough from the other pods',
    advice: 'Add nodes, or run fewer pods (min_containers).',
    fields: [['min_containers']],
  },
  {
    pattern: /untolerated taint/,
    sentence: 'the nodes have taints that the pods do not tolerate',
    advice: 'Add tolerations, or nodes without that taint.',
    fields: [['tolerations']],
  },
];

/** The autoscalers' words for "a node is on its way", and for the opposite. */
const comes = ['TriggeredScaleUp', 'Nominated', 'NominatedPod'];
const comesNot = ['NotTriggerScaleUp', 'FailedScaleUp'];

const volumeGrace = 120;

export const placementCauses: readonly Cause[] = [
  {
    id: 'node-lost',
    title: 'Node lost',
    sign: 'NodeNotReady; pods marked for eviction',
    advice: 'Nothing: Kubernetes replaces the pods of a lost node after five minutes.',
    grace: 'waits for the replacement',
    why: 'The node is at fault, not the version; its pods are replaced by others.',
    source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions',
    of: 'pod',
    inEveryPod: false,
    find: ({ pod, events }) => {
      const disrupted = condition(pod, 'DisruptionTarget');
      const evicted = pod.status?.phase === 'Failed' && pod.status.reason;
      const event = newest(events, 'NodeNotReady', 'Started', 'Pulled', 'TaintManagerEviction');
      const lost = event && event.reason !== 'Started' && event.reason !== 'Pulled';
      if (disrupted?.status !== 'True' && !evicted && !lost) return undefined;
      const said = (lost && event.message) || disrupted?.message || pod.status?.message || 'the pod is being replaced';
      const where = pod.spec?.nodeName ? ` of node ${pod.spec.nodeName}` : '';
      return {
        sentence: `a pod is lost with its place${where}, and is being replaced`,
        said,
        fields: [],
        grace: Number.POSITIVE_INFINITY,
      };
    },
  },
  {
    id: 'volume-unavailable',
    title: 'Volume not bound or not attached',
    sign: 'Unschedulable "unbound PersistentVolumeClaims"; FailedAttachVolume, FailedMount',
    advice: 'Look at the PersistentVolumeClaim and its storage class: kubectl describe pvc.',
    grace: '2 min',
    why: 'A volume is made and attached in a minute or so, and first detached from the pod before.',
    source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding',
    of: 'pod',
    inEveryPod: false,
    find: (view) => {
      const said = unschedulable(view);
      if (said !== undefined && ofVolumes.test(said)) {
        const missing = /persistentvolumeclaim "([^"]+)" not found/.exec(said)?.[1];
        const sentence = missing
          ? `the PersistentVolumeClaim ${missing} does not exist`
          : 'a PersistentVolumeClaim of the pods has no volume';
        return { sentence, said: said.replace(preemption, ''), fields: [['persistent_storage']], grace: volumeGrace };
      }
      if (view.containers.some(({ status }) => status?.state?.running || status?.lastState?.terminated))
        return undefined;
      const event = newest(
        view.events,
        'FailedMount',
        'FailedAttachVolume',
        'SuccessfulAttachVolume',
        'Pulled',
        'Created',
      );
      if (event?.reason !== 'FailedMount' && event?.reason !== 'FailedAttachVolume') return undefined;
      const verb = event.reason === 'FailedMount' ? 'mounted' : 'attached';
      const words = event.message ?? '';
      return {
        sentence: `a volume cannot be ${verb}: ${words.replace(/^MountVolume\.\S+ failed for volume /, '').slice(0, 200)}`,
        said: words,
        fields: [['persistent_storage']],
        grace: volumeGrace,
      };
    },
  },
  {
    id: 'unschedulable',
    title: 'No node takes the pod',
    sign: 'FailedScheduling, PodScheduled False, "Insufficient cpu", "untolerated taint"',
    advice: 'Add nodes, or ask for less.',
    grace: '60 s; as long as it takes while an autoscaler says that it adds a node',
    why: 'Pods of the version before may be ending; the Cluster Autoscaler and Karpenter say by an event that a node comes.',
    source:
      'https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-events-are-emitted-by-ca',
    of: 'pod',
    inEveryPod: false,
    find: (view): Match | undefined => {
      const said = unschedulable(view);
      if (said === undefined || ofVolumes.test(said)) return undefined;
      const words = said.replace(preemption, '');
      const obstacle = obstacles.find(({ pattern }) => pattern.test(words));
      const autoscaler = newest(view.events, ...comes, ...comesNot);
      const waits = autoscaler?.reason !== undefined && comes.includes(autoscaler.reason);
      const detail = words.replace(/\.$/, '');
      return {
        sentence: waits
          ? `no node takes the pod yet, and an autoscaler adds one (${autoscaler.message ?? autoscaler.reason})`
          : `${obstacle?.sentence ?? 'no node takes the pod'} (${detail})`,
        said: autoscaler && !waits ? `${words}; ${autoscaler.message}` : words,
        fields: obstacle?.fields ?? [],
        ...(obstacle && { advice: obstacle.advice }),
        grace: waits ? Number.POSITIVE_INFINITY : 60,
        key: waits ? 'autoscaler' : '',
      };
    },
  },
];
