import type { Api } from '../../../src/cluster/api.ts';
import { imageOf } from '../../bed/images.ts';
import type { Change } from '../workload.ts';

/** Where a scenario plays. */
export interface Stage {
  readonly namespace: string;
  readonly api: Api;
  kubectl(...args: readonly string[]): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: any manifest
  apply(manifest: any): Promise<void>;
  deploy(spec: string, change?: Change): Promise<void>;
}

type Act = (stage: Stage) => Promise<unknown>;

/** A rollout to play on the bed. */
export interface Scenario {
  /** Goes into the recording's header: what is special about it, and what of it is not the work of a real cluster. */
  readonly how: string;
  /** Made anew for each recording: it may hold the time. */
  readonly spec: (stage: Stage) => string;
  readonly change?: Change;
  /** What is there before the rollout that is recorded. */
  readonly before?: Act;
  /** What happens meanwhile: seconds since the Deployment was applied, in order. */
  readonly meanwhile?: readonly (readonly [number, Act])[];
  /** What a deleted namespace leaves behind. */
  readonly after?: Act;
  readonly seconds: number;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

export const real = 'A real rollout on a real node.';
export const fixture = imageOf('fixture');
export const registry = fixture.slice(0, fixture.indexOf('/'));

export const replicas = (count: number): string => `min_containers: ${count}\nmax_containers: ${count}\n`;
/** One path for both probes, so that a startup probe guards them. */
export const healthcheck = 'port: {http: 8080}\nhealthcheck_path: /healthz\n';
export const readinessOnly = 'port: {http: 8080}\nreadiness_probe_path: /healthz\n';

/** A spec with the fixture as its image, told by its environment how to behave. */
export function spec(env: Readonly<Record<string, string | number>> = {}, more = '', image = fixture): string {
  const variables = Object.entries(env).map(([name, value]) => `  ${name}: ${JSON.stringify(String(value))}\n`);
  const size = more.includes('min_containers') ? '' : replicas(1);
  const resources = more.includes('resource_request') ? '' : 'resource_request: {cpu: 10, memory: 64}\n';
  return [
    `name: web\nimage: ${image}\n`,
    size,
    resources,
    more,
    variables.length > 0 ? 'env_vars:\n' : '',
    ...variables,
  ].join('');
}

/** A folder that outlives the containers of a pod. */
export const scratch: Change = (pod) => {
  pod.volumes = [{ name: 'scratch', emptyDir: {} }];
  pod.containers[0].volumeMounts = [{ name: 'scratch', mountPath: '/scratch' }];
};

export const fakeTaint = { key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' };

/** A node that kwok plays, for the pods of this namespace only. Its name is the namespace's with a letter. */
export const addFakeNode = async ({ api, namespace }: Stage, letter: string, managed = true): Promise<void> => {
  const resources = { cpu: '128', memory: '1Ti', pods: '100' };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `${namespace}-${letter}`,
      ...(managed && { annotations: { 'kwok.x-k8s.io/node': 'fake' } }),
      labels: { recording: namespace, 'kubernetes.io/hostname': `${namespace}-${letter}` },
    },
    spec: { taints: [fakeTaint] },
    status: { allocatable: resources, capacity: resources },
  };
  await api.request('POST', '/api/v1/nodes', { body: node });
};

export const removeNodes = async ({ kubectl, namespace }: Stage): Promise<void> => {
  await kubectl('delete', 'nodes', '-l', `recording=${namespace}`);
};

/** Lets a pod run on the nodes of `addFakeNode` as well, or on them alone. */
export const onFakeNodes =
  (also: Change = () => {}, only = true): Change =>
  (pod, deployment) => {
    pod.tolerations = [{ key: fakeTaint.key, operator: 'Exists' }];
    if (only) pod.nodeSelector = { recording: deployment.metadata.namespace };
    also(pod, deployment);
  };
