import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a recorded stream is of. */
export interface Header {
  readonly name: string;
  /** How it was made, and which of it is not the work of a real cluster. */
  readonly how: string;
  /** Version of the API server. */
  readonly kubernetes: string;
  readonly deployment: string;
}

/** One event of a watch, `at` milliseconds after the Deployment was applied; nothing that no rule reads is kept. */
export interface Frame {
  readonly at: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  // biome-ignore lint/suspicious/noExplicitAny: objects as the API sent them
  readonly object: any;
}

export interface Recording {
  readonly header: Header;
  readonly frames: readonly Frame[];
}

export const folder = path.join(import.meta.dirname, 'recordings');

export function recordingNames(): string[] {
  return readdirSync(folder).map((file) => path.basename(file, '.jsonl'));
}

export function readRecording(name: string): Recording {
  const [header, ...frames] = readFileSync(path.join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return { header: JSON.parse(header ?? '') as Header, frames: frames.map((line) => JSON.parse(line) as Frame) };
}

const pick = (object: Readonly<Record<string, unknown>> | undefined, names: readonly string[]) =>
  Object.fromEntries(names.filter((name) => object?.[name] !== undefined).map((name) => [name, object?.[name]]));

const container = [
  'name',
  'image',
  'command',
  'args',
  'ports',
  'resources',
  'startupProbe',
  'livenessProbe',
  'readinessProbe',
];

// biome-ignore lint/suspicious/noExplicitAny: objects as the API sent them
const containers = (spec: any) => ({ containers: spec.containers.map((one: any) => pick(one, container)) });

/** An object without what no rule reads. */
// biome-ignore lint/suspicious/noExplicitAny: objects as the API sent them
export function trim(kind: string, object: any): any {
  const { metadata, spec, status } = object;
  const meta = pick(metadata, ['name', 'uid', 'generation', 'creationTimestamp', 'deletionTimestamp']);
  const owners = metadata.ownerReferences?.map((owner: Record<string, unknown>) =>
    pick(owner, ['kind', 'name', 'uid']),
  );
  const revision = 'deployment.kubernetes.io/revision';
  const whole = {
    kind,
    metadata: {
      ...meta,
      ...(metadata.annotations?.[revision] && { annotations: pick(metadata.annotations, [revision]) }),
      ...(owners && { ownerReferences: owners }),
    },
  };
  switch (kind) {
    case 'Event':
      return {
        ...whole,
        ...pick(object, ['involvedObject', 'type', 'reason', 'message', 'count', 'firstTimestamp', 'lastTimestamp']),
        ...pick(object, ['eventTime', 'series', 'source', 'reportingComponent']),
      };
    case 'Pod':
      return { ...whole, spec: { ...pick(spec, ['nodeName']), ...containers(spec) }, status };
    case 'ReplicaSet':
      return { ...whole, spec: pick(spec, ['replicas']), status };
    default:
      return {
        ...whole,
        spec: {
          ...pick(spec, ['replicas', 'progressDeadlineSeconds']),
          template: { spec: containers(spec.template.spec) },
        },
        status,
      };
  }
}
