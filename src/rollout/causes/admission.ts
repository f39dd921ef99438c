import type { FieldPath } from '../../spec/service.ts';
import type { Cause, Match, RolloutView } from '../cause.ts';

/** Rows about pods that could not even be made: the new ReplicaSet says so in its condition ReplicaFailure. */
const replicaSetSource =
  'https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/replicaset/replica_set_utils.go';

type Said = Omit<Match, 'said' | 'grace'> & { readonly grace?: number };

const refusedBy =
  (pattern: RegExp, say: (match: RegExpExecArray, view: RolloutView, seen: (key: string) => boolean) => Said) =>
  (view: RolloutView, seen: (key: string) => boolean): Match | undefined => {
    const said = view.refusal?.message ?? '';
    const match = view.refusal && pattern.exec(said);
    return match ? { said, grace: 0, ...say(match, view, seen) } : undefined;
  };

/** Which of our fields asks for a resource, as quotas and limit ranges name it. */
function fieldsOf(words: string): FieldPath[] {
  if (/\bpods\b|count\//.test(words)) return [['min_containers'], ['max_containers']];
  const name = /memory/.test(words) ? 'memory' : /cpu/.test(words) ? 'cpu' : undefined;
  return name ? [['resource_request', name], ['resource_request']] : [['resource_request']];
}

const webhook = /failed calling webhook "([^"]+)"/;
const quota = /exceeded quota: ([^,]+), requested: (.*), used: (.*), limited: (.*)$/;
const limitRange = /((?:maximum|minimum) \S+ usage per .*|\S+ max limit to request ratio per .*)$/;
const podSecurity = /violates PodSecurity "([^"]+)": (.*)$/;
const passing =
  /error looking up service account|status unknown for quota|etcdserver|timed? ?out|try again|leader changed/i;

const refusedOtherwise = refusedBy(/^(?:pods "[^"]+" is forbidden: )?(.+)$/s, ([, rule = '']) => ({
  sentence: `the cluster refuses the pods: ${rule.slice(0, 300)}`,
  fields: [],
  grace: passing.test(rule) ? 30 : 0,
}));

export const admissionCauses: readonly Cause[] = [
  {
    id: 'quota-exceeded',
    title: 'Quota exceeded',
    sign: 'FailedCreate "exceeded quota"',
    advice: "Request less, run fewer pods, or raise the namespace's ResourceQuota: kubectl describe quota.",
    grace: 'none; while pods of the service are being deleted, and 60 s after, it waits',
    why: 'Pods that are being deleted count until they are gone, and the ReplicaSet is tried again at growing intervals.',
    source: 'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
    of: 'rollout',
    find: refusedBy(quota, (match, { stopping }, seen) => {
      const [, name, requested = '', used, limited] = match;
      const waits = stopping.length > 0;
      return {
        sentence: `the quota ${name} of the namespace allows no more pods like these (requested ${requested}, used ${used}, limit ${limited})`,
        fields: fieldsOf(requested),
        ...(waits
          ? { key: 'stopping', grace: Number.POSITIVE_INFINITY }
          : seen('stopping') && { key: 'freed', grace: 60 }),
      };
    }),
  },
  {
    id: 'limit-range',
    title: 'Outside the limit range',
    sign: 'FailedCreate "maximum memory usage per Container is"',
    advice: "Change the request or the limit, or the namespace's LimitRange: kubectl describe limitrange.",
    grace: 'none',
    why: 'The same pod is refused the same way.',
    source: 'https://kubernetes.io/docs/concepts/policy/limit-range/',
    of: 'rollout',
    find: refusedBy(limitRange, ([, rule = '']) => ({
      sentence: `the limit range of the namespace refuses the pods: ${rule.replace(/^\[|\]$/g, '')}`,
      fields: [...fieldsOf(rule), ['resource_limits']],
    })),
  },
  {
    id: 'pod-security',
    title: 'Refused by Pod Security',
    sign: 'FailedCreate "violates PodSecurity"',
    advice: "Lower the namespace's label pod-security.kubernetes.io/enforce to baseline, which these pods pass.",
    grace: 'none',
    why: 'The same pod is refused the same way.',
    source: 'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
    of: 'rollout',
    find: refusedBy(podSecurity, ([, level, rules = '']) => ({
      sentence: `the namespace's Pod Security level ${level} refuses the pods: ${rules}`,
      fields: [],
    })),
  },
  {
    id: 'webhook-unavailable',
    title: 'Admission webhook out of reach',
    sign: 'FailedCreate "failed calling webhook"',
    advice: 'See that the webhook runs: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations.',
    grace: '60 s',
    why: 'A webhook that runs in the cluster is away for a moment when its own pods are replaced.',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy',
    of: 'rollout',
    find: refusedBy(webhook, ([, name]) => ({
      sentence: `no pod can be made: the admission webhook ${name}, which has to be asked, does not answer`,
      fields: [],
      grace: 60,
    })),
  },
  {
    id: 'admission-refused',
    title: 'Pods refused by the cluster',
    sign: 'FailedCreate',
    advice: 'What Kubernetes says names the policy or the rule that refuses the pods.',
    grace: 'none; 30 s for what passes (a ServiceAccount or quota not yet known)',
    why: 'The same pod is refused the same way.',
    source: replicaSetSource,
    of: 'rollout',
    find: (view, seen) =>
      [webhook, quota, limitRange, podSecurity].some((one) => one.test(view.refusal?.message ?? ''))
        ? undefined
        : refusedOtherwise(view, seen),
  },
];
