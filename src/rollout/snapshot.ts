/**
 * What a verdict is made of: the objects of one service's rollout at one moment, as the API sent them. Only the fields
 * that are read are named here. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */

export interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly generation?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string }[];
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: string | number };
  readonly tcpSocket?: { readonly port: string | number };
  /** Seconds, each; 0, 10 and 1 when absent. */
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  /** 3 when absent. */
  readonly failureThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

export interface Deployment {
  readonly metadata: Meta;
  readonly spec: {
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    readonly template: { readonly spec?: { readonly containers?: readonly Container[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ReplicaSet {
  readonly metadata: Meta;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  /** Whether its startup probe has passed; true where there is none. */
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: Terminated;
  };
  readonly lastState?: { readonly terminated?: Terminated };
}

export interface Pod {
  readonly metadata: Meta;
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly Container[] };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** An Event of the core API. Several of the same text are one, whose `count` and `lastTimestamp` grow. */
export interface ClusterEvent {
  readonly metadata: Meta;
  readonly involvedObject: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
    /** `spec.containers{web}` where it is about a container. */
    readonly fieldPath?: string;
  };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
}

export interface Snapshot {
  readonly deployment: Deployment;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  /** The one that changed last comes last. Empty where they may not be read: rules then go by states alone. */
  readonly events: readonly ClusterEvent[];
  /** The end of the output of containers that ended, by pod, where somebody has read it. */
  readonly logs?: ReadonlyMap<string, string>;
}

const revision = 'deployment.kubernetes.io/revision';

/** True once the controller has seen what was applied: before that, the newest ReplicaSet is that of the version before. */
export function isObserved({ metadata, status }: Deployment): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

/** The ReplicaSet of the version being rolled out; none before the controller has made it. */
export function newReplicaSet({ deployment, replicaSets }: Snapshot): ReplicaSet | undefined {
  if (!isObserved(deployment)) return undefined;
  const current = deployment.metadata.annotations?.[revision];
  return replicaSets.find(
    ({ metadata }) =>
      current !== undefined &&
      metadata.annotations?.[revision] === current &&
      metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid),
  );
}

/** The pods of the version being rolled out, by name. */
export function newPods(snapshot: Snapshot): Pod[] {
  const owner = newReplicaSet(snapshot)?.metadata.uid;
  return snapshot.pods
    .filter(({ metadata }) => owner !== undefined && metadata.ownerReferences?.some(({ uid }) => uid === owner))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

export function condition({ status }: Pod | ReplicaSet | Deployment, type: string): Condition | undefined {
  return status?.conditions?.find((one) => one.type === type);
}

export function isReady(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && condition(pod, 'Ready')?.status === 'True';
}
