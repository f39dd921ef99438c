import * as z from 'zod/mini';
import {
  cpu,
  envVars,
  link,
  list,
  memory,
  percentage,
  policyArn,
  port,
  probePath,
  publicUri,
  publicUriAllowed,
  secretName,
  text,
  whole,
  yesOrNo,
} from './field-types.ts';
import { hashVariablePattern, judgeHashVariable } from './hash-variable.ts';
import { judgeImage } from './image-reference.ts';
import { judgeServiceName, longestServiceName, serviceNamePattern } from './names.ts';

/**
 * The fields of a spec, each described once: types, defaults, what is allowed, the JSON schema and the reference in the
 * README all come from here.
 */

/** How a field is read and explained. */
export interface Field<Schema extends z.core.$ZodType = z.core.$ZodType> {
  readonly schema: Schema;
  /** The type, as the reference names it. */
  readonly type: string;
  readonly meaning: string;
  /** YAML that may stand in a spec. */
  readonly example: string;
  /** `source`: scalars are the text of the file. `retyped`: filled-in text that looks like a number or a boolean is one. */
  readonly scalars?: 'source' | 'retyped';
  /** Other names that people look for it under. */
  readonly alsoKnownAs?: readonly string[];
  /** The field may only be empty yet: what to do instead. */
  readonly unsupported?: string;
}

function field<Schema extends z.core.$ZodType>(schema: Schema, about: Omit<Field, 'schema'>): Field<Schema> {
  return { schema, ...about };
}

export const fields = {
  name: field(text('text', judgeServiceName, { pattern: serviceNamePattern.source, maxLength: longestServiceName }), {
    type: 'text',
    meaning: `Name of the service and of its objects in the cluster: lower-case letters, digits and \`-\`, starting with a letter, at most ${longestServiceName} characters.`,
    example: 'name: hello',
    alsoKnownAs: ['service', 'service_name', 'app'],
  }),
  image: field(text('text: `AUTO`, or an image reference such as `nginx:1.29`', judgeImage, { pattern: '^\\S+$' }), {
    type: 'text',
    meaning:
      '`AUTO`: built from this repository and pushed to ECR. Anything else is an image reference, used as given.',
    example: 'image: AUTO',
    alsoKnownAs: ['docker_image', 'container_image', 'container'],
  }),
  port: field(z.optional(port), {
    type: 'map: `http` or `tcp` to a number',
    meaning:
      'What the container listens on. Others in the cluster reach `http` on port 80 of the service, `tcp` on the same number. A `tcp` port is probed by connecting to it.',
    example: 'port: {http: 8080}',
    scalars: 'retyped',
    alsoKnownAs: ['ports', 'container_port', 'expose'],
  }),
  min_containers: field(z._default(whole('a whole number, 0 or more', 0), 1), {
    type: 'number',
    meaning: 'Fewest containers. Equal to `max_containers`: that many, without autoscaling. Both 0: none at all.',
    example: 'min_containers: 2',
    scalars: 'retyped',
    alsoKnownAs: ['replicas', 'min_replicas', 'min'],
  }),
  max_containers: field(z._default(whole('a whole number, 0 or more', 0), 3), {
    type: 'number',
    meaning: 'Most containers that autoscaling may start.',
    example: 'max_containers: 5',
    scalars: 'retyped',
    alsoKnownAs: ['max_replicas', 'max'],
  }),
  autoscaling_target_cpu_percentage: field(z._default(percentage, 80), {
    type: 'number',
    meaning: 'Containers are added when they use more of their requested cpu than this on average, in percent.',
    example: 'autoscaling_target_cpu_percentage: 70',
    scalars: 'retyped',
  }),
  autoscaling_target_mem_percentage: field(z._default(percentage, 80), {
    type: 'number',
    meaning: 'The same for memory.',
    example: 'autoscaling_target_mem_percentage: 90',
    scalars: 'retyped',
    alsoKnownAs: ['autoscaling_target_memory_percentage'],
  }),
  secrets: field(list(secretName, 'a list of names'), {
    type: 'list of text',
    meaning:
      'Names of environment variables whose values come from a Kubernetes Secret. Only names: the values are never in the spec.',
    example: 'secrets: [DATABASE_PASSWORD]',
  }),
  env_vars: field(z._default(envVars, []), {
    type: 'map, or list of `{name, value}`',
    meaning:
      'Environment variables of the container. Values are taken as written: `1.10` stays `1.10`, `yes` stays `yes`.',
    example: 'env_vars: {LOG_LEVEL: debug}',
    scalars: 'source',
    alsoKnownAs: ['env', 'envs', 'environment', 'environment_variables'],
  }),
  healthcheck_path: field(z.optional(probePath), {
    type: 'text',
    meaning:
      'Path that must answer with a status from 200 to 399: asked to see whether a container is ready for requests, and whether it must be restarted. Needs an `http` port.',
    example: 'healthcheck_path: /healthz',
    alsoKnownAs: ['health', 'health_check', 'healthcheck'],
  }),
  liveness_probe_path: field(z.optional(probePath), {
    type: 'text',
    meaning: 'Asked instead of `healthcheck_path` to see whether a container must be restarted.',
    example: 'liveness_probe_path: /alive',
    alsoKnownAs: ['liveness', 'liveness_probe'],
  }),
  readiness_probe_path: field(z.optional(probePath), {
    type: 'text',
    meaning: 'Asked instead of `healthcheck_path` to see whether a container is ready for requests.',
    example: 'readiness_probe_path: /ready',
    alsoKnownAs: ['readiness', 'readiness_probe'],
  }),
  consistent_hash: field(
    z.optional(
      text('text: an nginx variable such as `$request_uri`', judgeHashVariable, {
        pattern: hashVariablePattern.source,
      }),
    ),
    {
      type: 'text',
      meaning:
        'Requests with the same value of this nginx variable go to the same container: `$request_uri`, `$remote_addr`, `$http_<header>`, `$cookie_<name>` or `$arg_<name>`. Needs an `http` port; not with `sticky_session`.',
      example: 'consistent_hash: $request_uri',
    },
  ),
  sticky_session: field(z._default(yesOrNo, false), {
    type: '`true` or `false`',
    meaning:
      'A browser stays with one container, by a cookie named `opta_cookie`. Needs an `http` port; not with `consistent_hash`.',
    example: 'sticky_session: true',
    scalars: 'retyped',
    alsoKnownAs: ['session_affinity', 'sticky_sessions'],
  }),
  sticky_session_max_age: field(z._default(whole('a whole number of seconds, 1 or more', 1), 86400), {
    type: 'number',
    meaning: 'How long the cookie of `sticky_session` lasts, in seconds.',
    example: 'sticky_session_max_age: 3600',
    scalars: 'retyped',
  }),
  resource_request: field(
    z._default(
      z.strictObject(
        { cpu: z._default(cpu, 100), memory: z._default(memory, 128) },
        {
          error: 'a map such as `{cpu: 100, memory: 128}`',
        },
      ),
      { cpu: 100, memory: 128 },
    ),
    {
      type: 'map: `cpu`, `memory`',
      meaning:
        'What a container is sure to get; it may take twice as much. Numbers are millicores and megabytes (Mi), text has a Kubernetes unit (`"1.5"`, `250m`, `512Mi`, `1Gi`).',
      example: 'resource_request: {cpu: 250, memory: 1Gi}',
      scalars: 'retyped',
      alsoKnownAs: ['resources', 'resource_requests', 'cpu', 'memory'],
    },
  ),
  public_uri: field(
    z._default(z.union([publicUri, z.array(publicUri, { error: publicUriAllowed })], { error: publicUriAllowed }), []),
    {
      type: 'text, or list of text',
      meaning:
        'Where the service is reached from outside: a host (`hello.example.com`, `*.example.com`), a host and a path (`example.com/hello`), a path on every host (`/hello`), or `*` for everything. Paths cover everything below them. A host must be the domain of the parent or below it, where that is known. Needs an `http` port.',
      example: 'public_uri: "hello.{parent[domain]}"',
      alsoKnownAs: ['host', 'hosts', 'domain', 'url', 'uri', 'public_url', 'ingress', 'route'],
    },
  ),
  additional_iam_policies: field(list(policyArn, 'a list of ARNs of IAM policies'), {
    type: 'list of text',
    meaning: 'ARNs of IAM policies for the service. Not supported yet: may only be empty.',
    example: 'additional_iam_policies: []',
    alsoKnownAs: ['iam_policies', 'policies'],
    unsupported: 'Remove it for now: the service runs without AWS permissions of its own.',
  }),
  links: field(list(link, 'a list of names, or of maps such as `{orders: [read]}`'), {
    type: 'list of text or maps',
    meaning: 'Databases, queues and buckets that the service uses. Not supported yet: may only be empty.',
    example: 'links: []',
    unsupported: 'Remove it for now, and pass addresses by `env_vars` and passwords by `secrets`.',
  }),
} as const;

/** Fields that every service must have; all others have a default or may be left out. */
export const requiredFields: readonly string[] = ['name', 'image'] satisfies (keyof typeof fields)[];

export type FieldName = keyof typeof fields;

/** The fields of one service as they stand in a spec, defaults filled in. */
export type Fields = { readonly [Name in FieldName]: z.output<(typeof fields)[Name]['schema']> };
