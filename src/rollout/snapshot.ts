/**
 * What a verdict is made of: the objects of one service's rollout at one moment, as the API sent them. Only the fields
 * that are read are named here. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */

interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly generation?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string }[];
  readonly deletionTimestamp?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

export interface Deployment {
  readonly metadata: Meta;
  readonly spec: { readonly replicas?: number; readonly template: object };
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

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  };
  readonly lastState?: {
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  };
}

export interface Pod {
  readonly metadata: Meta;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Snapshot {
  readonly deployment: Deployment;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
}

const revision = 'deployment.kubernetes.io/revision';

/** True once the controller has seen the newest template: until then status and revision are those of the one before. */
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
