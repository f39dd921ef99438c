import type { Position } from './diagnostic.ts';

/** A port of the container and of its Service. */
export interface Port {
  /** IANA service name, unique in the service: `http`, `tcp`. */
  readonly name: string;
  readonly type: 'http' | 'tcp';
  /** What the container listens on. */
  readonly port: number;
  /** What the Service listens on: 80 for http, the container's own port for tcp. */
  readonly servicePort: number;
  /** What is spoken inside an http port, where it is not plain HTTP. */
  readonly protocol?: 'grpc' | 'websocket';
}

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

/** Kubernetes quantities, such as `100m` and `128Mi`. */
export interface Quantities {
  readonly cpu: string;
  readonly memory: string;
}

/** One public address of a service: a host and a path prefix below it. */
export interface PublicUri {
  /** Lower-case DNS name; absent means every host. */
  readonly host?: string;
  /** Starts with `/`, ends without one unless it is `/` itself. */
  readonly path: string;
}

/**
 * A service as its spec means it: every default filled in, every unit Kubernetes' own, every name checked.
 * What a field means is described once, in `schema.ts`.
 */
export interface Service {
  readonly name: string;
  /** `auto`: built from the repository. Else the reference is used as given. */
  readonly image: { readonly auto: true } | { readonly auto: false; readonly reference: string };
  readonly ports: readonly Port[];
  readonly containers: { readonly min: number; readonly max: number };
  /** Percent of the request, averaged over pods. */
  readonly autoscaling: { readonly cpuPercentage: number; readonly memoryPercentage: number };
  /** In the order of the spec. */
  readonly envVars: readonly EnvVar[];
  /** Names of environment variables whose values come from a Secret, in the order of the spec. */
  readonly secrets: readonly string[];
  /** HTTP paths, each with its leading slash. */
  readonly probes: { readonly livenessPath?: string; readonly readinessPath?: string };
  /** An nginx variable such as `$request_uri`. */
  readonly consistentHash?: string;
  readonly stickySession?: { readonly maxAgeSeconds: number };
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  readonly publicUris: readonly PublicUri[];
}

/** A key of the spec, then keys and indices below it: `['env_vars', 'PORT']`, `['public_uri', 0]`. */
export type FieldPath = readonly (string | number)[];

/** A service, and where in which file each of its fields was written. */
export interface LocatedService {
  readonly service: Service;
  /** Path of the spec as the user knows it. */
  readonly file: string;
  /** Where the value of a field is written, or of the nearest enclosing field that is, or the top of the service. */
  locate(path: FieldPath): Position;
}
