import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../workload.ts';
import { fixture, healthcheck, real, replicas, type Scenarios, type Stage, spec } from './scenario.ts';

const policyApi = 'admissionregistration.k8s.io/v1';
const here = (namespace: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': namespace } });
const pods = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];

const denyPods = async ({ api, namespace }: Stage): Promise<void> => {
  const where = `/apis/${policyApi}`;
  await api.request('POST', `${where}/validatingadmissionpolicies`, {
    body: {
      apiVersion: policyApi,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: namespace },
      spec: {
        matchConstraints: { resourceRules: pods },
        validations: [{ expression: "'team' in object.metadata.labels", message: 'every pod needs the label team' }],
      },
    },
  });
  await api.request('POST', `${where}/validatingadmissionpolicybindings`, {
    body: {
      apiVersion: policyApi,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: namespace },
      spec: {
        policyName: namespace,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: here(namespace) },
      },
    },
  });
  await sleep(3_000);
};

const allowPods = async ({ kubectl, namespace }: Stage): Promise<void> => {
  await kubectl(
    'delete',
    'validatingadmissionpolicybinding,validatingadmissionpolicy',
    namespace,
    '--ignore-not-found',
  );
};

const breakWebhook = async ({ api, namespace }: Stage): Promise<void> => {
  await api.request('POST', `/apis/${policyApi}/validatingwebhookconfigurations`, {
    body: {
      apiVersion: policyApi,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'pods.policy.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          timeoutSeconds: 1,
          clientConfig: { url: 'https://127.0.0.1:18609/' },
          namespaceSelector: here(namespace),
          rules: pods,
        },
      ],
    },
  });
  await sleep(3_000);
};

const mendWebhook = async ({ kubectl, namespace }: Stage): Promise<void> => {
  await kubectl('delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found');
};

const quota =
  (hard: object) =>
  ({ apply }: Stage) =>
    apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard } });

const readinessGate: Change = (pod, deployment) => {
  pod.readinessGates = [{ conditionType: 'example.com/ready' }];
  deployment.spec.progressDeadlineSeconds = 8;
};

const complete = async ({ kubectl, namespace }: Stage): Promise<void> => {
  await kubectl('-n', namespace, 'rollout', 'status', 'deployment/web', '--timeout=60s');
};

export const admission: Scenarios = {
  healthy: { how: real, spec: () => spec({}, `${healthcheck}${replicas(2)}`), seconds: 15 },
  'healthy-update': {
    how: `${real} A version that works is there before.`,
    before: async (stage) => {
      await stage.deploy(spec({}, `${healthcheck}${replicas(2)}`));
      await complete(stage);
    },
    spec: () => spec({ VERSION: 2 }, `${healthcheck}${replicas(2)}`),
    seconds: 30,
  },
  'update-of-broken': {
    how: `${real} The version before cannot be pulled.`,
    before: async (stage) => {
      await stage.deploy(spec({}, `${healthcheck}${replicas(2)}`, `${fixture}-no-such-tag`));
      await sleep(6_000);
    },
    spec: () => spec({}, `${healthcheck}${replicas(2)}`),
    seconds: 25,
  },
  'broken-update': {
    how: `${real} A version that works is there before; the new one ends with exit code 1.`,
    before: async (stage) => {
      await stage.deploy(spec({}, `${healthcheck}${replicas(2)}`));
      await complete(stage);
    },
    spec: () => spec({ EXIT_CODE: 1 }, `${healthcheck}${replicas(2)}`),
    seconds: 35,
  },
  'quota-exceeded': { how: real, spec: () => spec(), before: quota({ 'requests.memory': '32Mi' }), seconds: 8 },
  'quota-pods': { how: real, spec: () => spec(), before: quota({ pods: '0' }), seconds: 8 },
  'quota-heals': {
    how: `${real} The quota is taken by a pod of the version before, which is being deleted.`,
    spec: () => spec({}, healthcheck),
    before: async (stage) => {
      await quota({ pods: '1' })(stage);
      await sleep(1_000);
      await stage.deploy(spec({}, healthcheck));
      await complete(stage);
      await stage.kubectl('-n', stage.namespace, 'delete', 'deployment', 'web', '--wait=true');
    },
    seconds: 45,
  },
  'limit-range': {
    how: real,
    spec: () => spec(),
    before: ({ apply }) =>
      apply({
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'small' },
        spec: { limits: [{ type: 'Container', max: { memory: '32Mi' } }] },
      }),
    seconds: 8,
  },
  'pod-security': {
    how: real,
    spec: () => spec(),
    before: ({ kubectl, namespace }) =>
      kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted'),
    seconds: 8,
  },
  'admission-denied': { how: real, spec: () => spec(), before: denyPods, after: allowPods, seconds: 8 },
  'webhook-down': {
    how: `${real} A webhook that must be asked about every pod does not answer.`,
    spec: () => spec(),
    before: breakWebhook,
    after: mendWebhook,
    seconds: 20,
  },
  'webhook-down-heals': {
    how: `${real} A webhook that must be asked about every pod does not answer, and is removed after 4 s.`,
    spec: () => spec({}, healthcheck),
    before: breakWebhook,
    meanwhile: [[4, mendWebhook]],
    after: mendWebhook,
    seconds: 30,
  },
  'progress-deadline': {
    how: `${real} The pods wait for a condition that nobody sets; the deadline is 8 s instead of 300 s.`,
    spec: () => spec({}, healthcheck),
    change: readinessGate,
    seconds: 20,
  },
  'autoscaler-without-metrics': {
    how: `${real} The cluster has no metrics API; a version that works is there before.`,
    before: async (stage) => {
      await stage.deploy(spec({}, `${healthcheck}min_containers: 1\nmax_containers: 3\n`));
      await complete(stage);
      await sleep(16_000);
    },
    spec: () => spec({ VERSION: 2 }, `${healthcheck}min_containers: 1\nmax_containers: 3\n`),
    seconds: 20,
  },
};
