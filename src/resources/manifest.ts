/** A Kubernetes object as it is sent and received: JSON, with nothing added or taken away by a client's model. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The kinds this action renders: where each lives in the API, in the order in which they are applied and reported. */
export const kinds = {
  ServiceAccount: { apiVersion: 'v1', plural: 'serviceaccounts' },
  Secret: { apiVersion: 'v1', plural: 'secrets' },
  Service: { apiVersion: 'v1', plural: 'services' },
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
  HorizontalPodAutoscaler: { apiVersion: 'autoscaling/v2', plural: 'horizontalpodautoscalers' },
  PodDisruptionBudget: { apiVersion: 'policy/v1', plural: 'poddisruptionbudgets' },
  Ingress: { apiVersion: 'networking.k8s.io/v1', plural: 'ingresses' },
} as const;

export type Kind = keyof typeof kinds;

/** Every kind, in the order of the table. */
export const allKinds = Object.keys(kinds) as Kind[];

/** The REST path of a namespace's objects of one kind: `/apis/apps/v1/namespaces/prod/deployments`. */
export function collectionPath(kind: Kind, namespace: string): string {
  const { apiVersion, plural } = kinds[kind];
  return `${apiVersion === 'v1' ? '/api' : '/apis'}/${apiVersion}/namespaces/${namespace}/${plural}`;
}

/** The REST path of one object. */
export function objectPath(manifest: Pick<Manifest, 'kind' | 'metadata'>): string {
  return `${collectionPath(manifest.kind, manifest.metadata.namespace)}/${manifest.metadata.name}`;
}

/** `Deployment/web`, as the log and errors name an object. */
export function objectName(manifest: { readonly kind: string; readonly metadata: { readonly name: string } }): string {
  return `${manifest.kind}/${manifest.metadata.name}`;
}
