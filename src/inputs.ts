import { readFileSync } from 'node:fs';
import { getInput, getMultilineInput } from '@actions/core';
import { parse } from 'yaml';
import { UserError } from './errors.ts';
import { maskSecret } from './github/mask.ts';

/** What one run is asked to do: the action's inputs and what the workflow's environment says, checked and named. */
export interface Inputs {
  /** Root of the checked-out repository. */
  readonly workspace: string;
  /** Path of the spec as given; absent means the first of the usual names. */
  readonly spec?: string;
  readonly namespace?: string;
  readonly parent: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  /** The job's environment, which `{env.X}` in a spec refers to. */
  readonly env: Readonly<Record<string, string>>;
  readonly cluster?: string;
  readonly region?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
  readonly build: 'auto' | 'always' | 'never';
  readonly buildContext: string;
  readonly dockerfile?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildSecrets: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  readonly provenance?: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  readonly prune: boolean;
  readonly forceConflicts: boolean;
  /** The commit that is deployed, 40 hex digits. */
  readonly revision?: string;
  /** When that commit was made, where the event that started the job tells. */
  readonly created?: Date;
  /** Where the repository can be seen. */
  readonly source?: string;
}

function text(name: string): string | undefined {
  return getInput(name) || undefined;
}

function choice<const T extends string>(name: string, allowed: readonly T[], fallback: T): T {
  const value = text(name);
  if (value === undefined) return fallback;
  const found = allowed.find((one) => one === value.toLowerCase());
  if (found === undefined) throw new UserError(`Input ${name}: "${value}" is not one of ${allowed.join(', ')}.`);
  return found;
}

function flag(name: string, fallback: boolean): boolean {
  return choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
}

/** Whole seconds, or a number with a unit: `300`, `90s`, `10m`. */
function seconds(name: string, fallback: number): number {
  const value = text(name);
  if (value === undefined) return fallback;
  const [, amount, unit] = /^(\d+) ?(s|m|h)?$/.exec(value) ?? [];
  const result = Number(amount) * { s: 1, m: 60, h: 3600 }[(unit ?? 's') as 's' | 'm' | 'h'];
  if (!(result >= 1 && result <= 6 * 3600)) {
    throw new UserError(`Input ${name}: "${value}" is not a time between 1s and 6h. Write seconds (300) or 90s, 10m.`);
  }
  return result;
}

/** A YAML (or JSON) map of scalars. */
function map(name: string): Record<string, string> {
  const value = text(name);
  if (value === undefined) return {};
  let data: unknown;
  try {
    // Numbers and the like keep their text: an account id may begin with a zero.
    data = parse(value, { schema: 'failsafe' });
  } catch (cause) {
    throw new UserError(`Input ${name} is not a YAML map: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new UserError(`Input ${name} is not a YAML map. Write one "name: value" a line.`);
  }
  const nested = Object.entries(data).find(([, one]) => typeof one !== 'string');
  if (nested) throw new UserError(`Input ${name}: the value of "${nested[0]}" is not a single value.`);
  return data as Record<string, string>;
}

/** `NAME=value` lines. */
function assignments(name: string): Record<string, string> {
  return Object.fromEntries(
    getMultilineInput(name).map((line) => {
      const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(line) ?? [];
      // The line itself may be a secret: it is not quoted.
      if (key === undefined) throw new UserError(`Input ${name}: a line is not of the form NAME=value.`);
      return [key, value ?? ''];
    }),
  );
}

/** `NAME=value` lines, or one JSON object as `${{ toJSON(secrets) }}` gives it; every value is masked before all else. */
function secretValues(name: string): Record<string, string> {
  const value = text(name);
  let values: Record<string, string>;
  if (value?.startsWith('{')) {
    try {
      const entries = Object.entries(JSON.parse(value) as Record<string, unknown>);
      values = Object.fromEntries(
        entries.map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)]),
      );
    } catch {
      // The parser's message would quote the text.
      throw new UserError(
        `Input ${name} starts like JSON but is not: give \${{ toJSON(secrets) }}, or NAME=value lines.`,
      );
    }
  } else {
    values = assignments(name);
  }
  for (const one of Object.values(values)) maskSecret(one);
  return values;
}

/** The date of a push's commit; other events do not tell it. */
function commitDate(eventFile: string | undefined, revision: string | undefined): Date | undefined {
  try {
    const { head_commit: commit } = JSON.parse(readFileSync(eventFile ?? '', 'utf8')) as {
      head_commit?: { id: string; timestamp: string };
    };
    const date = commit?.id === revision ? new Date(commit?.timestamp ?? '') : undefined;
    return date && !Number.isNaN(date.getTime()) ? date : undefined;
  } catch {
    // No event, as outside GitHub.
    return undefined;
  }
}

/** A name that becomes part of the API's paths: nothing else may slip into them. */
function namespaceName(name: string): string | undefined {
  const value = text(name);
  if (value !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) {
    throw new UserError(
      `Input ${name}: "${value}" is not a namespace's name. Write lower-case letters, digits and -, at most 63.`,
    );
  }
  return value;
}

/** Leaves out what is not there: an absent field is absent, not undefined. */
function defined<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** Reads the inputs; the only reader of the environment. Fails with a UserError that names the input. */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const secrets = secretValues('secrets');
  const buildSecrets = secretValues('build_secrets');
  const kubeconfig = text('kubeconfig');
  const { GITHUB_SERVER_URL: host, GITHUB_REPOSITORY: repository } = env;
  return defined<Inputs>({
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    spec: text('spec'),
    namespace: namespaceName('namespace'),
    parent: map('parent'),
    variables: map('variables'),
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    cluster: text('cluster'),
    region: text('region') ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    kubeconfig,
    context: text('context'),
    imageTag: text('image_tag'),
    imageDigest: text('image_digest'),
    build: choice('build', ['auto', 'always', 'never'], 'auto'),
    buildContext: text('build_context') ?? '.',
    dockerfile: text('dockerfile'),
    buildArgs: assignments('build_args'),
    buildSecrets,
    platforms: (text('platforms') ?? '').split(/[,\s]+/).filter((one) => one !== ''),
    provenance: text('provenance'),
    secrets,
    timeout: seconds('timeout', 300),
    prune: flag('prune', true),
    forceConflicts: flag('force_conflicts', false),
    revision: env.GITHUB_SHA,
    created: commitDate(env.GITHUB_EVENT_PATH, env.GITHUB_SHA),
    source: host && repository ? `${host}/${repository}` : undefined,
  });
}
