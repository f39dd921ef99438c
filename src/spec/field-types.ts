import * as z from 'zod/mini';
import type { Judge } from './fault.ts';
import { envVarNamePattern, judgeEnvVarName, judgeSecretName, longestSecretName } from './names.ts';
import { judgeProbePath } from './probe-path.ts';
import { judgePublicUri } from './public-uri.ts';
import { cpuPattern, judgeCpu, judgeMemory, leastNumber, memoryPattern } from './quantity.ts';

/** The types that fields have. The error of each completes "must be …". */

/** Facts about a value that only the JSON schema needs, because a judge looks closer here. */
type SchemaFacts = Readonly<Record<string, unknown>>;

export function whole(allowed: string, least: number, most?: number) {
  const number = z.int({ error: allowed }).check(z.minimum(least, { error: allowed }));
  return most === undefined ? number : number.check(z.maximum(most, { error: allowed }));
}

export function text(allowed: string, judge?: Judge<string>, facts: SchemaFacts = {}) {
  const string = z.string({ error: allowed }).check(z.meta(facts));
  return judge ? string.check(judged(judge)) : string;
}

function judged<T>(judge: Judge<T>): z.core.CheckFn<T> {
  return (context) => {
    const fault = judge(context.value);
    if (!fault) return;
    context.issues.push({ code: 'custom', input: context.value, message: fault.allowed, params: { ...fault } });
  };
}

const portNumber = whole('a whole number from 1 to 65535', 1, 65535);
export const percentage = whole('a whole number from 1 to 100', 1, 100);
export const yesOrNo = z.boolean({ error: '`true` or `false`' });
export const probePath = text('a path such as `/healthz`', judgeProbePath, { pattern: '^[\\x21-\\x7e]+$' });

const envVarName = text('the name of an environment variable', judgeEnvVarName, { pattern: envVarNamePattern.source });
const envVarAllowed = 'text (`""` for none), a number, `true` or `false`';
const envVarValue = z.union([z.string(), z.number(), z.boolean()], { error: envVarAllowed });
const envVarsAllowed = 'a map of names and values, or a list of `{name: …, value: …}`';
export const envVars = z.union(
  [
    z.record(envVarName, envVarValue, { error: envVarsAllowed }),
    z.array(z.strictObject({ name: envVarName, value: envVarValue }, { error: 'a map `{name: …, value: …}`' }), {
      error: envVarsAllowed,
    }),
  ],
  { error: envVarsAllowed },
);

export const secretName = text('the name of an environment variable, without a value', judgeSecretName, {
  pattern: envVarNamePattern.source,
  maxLength: longestSecretName,
});

const portAllowed = 'a map with one port, `{http: 8080}` or `{tcp: 5432}`';
export const port = z
  .strictObject({ http: z.optional(portNumber), tcp: z.optional(portNumber) }, { error: portAllowed })
  .check(
    z.meta({ minProperties: 1, maxProperties: 1 }),
    judged(({ http, tcp }) => {
      if ((http === undefined) !== (tcp === undefined)) return undefined;
      return http === undefined
        ? { allowed: portAllowed, found: 'an empty map', hint: 'A service without a port has no `port` at all.' }
        : { allowed: portAllowed, found: 'both', hint: 'Keep one of the two.' };
    }),
  );

export const cpu = z
  .union(
    [
      z.number().check(z.meta({ type: 'integer', minimum: leastNumber })),
      text('text', undefined, { pattern: cpuPattern.source }),
    ],
    {
      error: 'millicores as a number (`100`) or text with a unit (`250m`, `"1.5"`)',
    },
  )
  .check(judged(judgeCpu));
export const memory = z
  .union(
    [
      z.number().check(z.meta({ type: 'integer', minimum: leastNumber })),
      text('text', undefined, { pattern: memoryPattern.source }),
    ],
    {
      error: 'megabytes as a number (`128`) or text with a unit (`512Mi`, `1Gi`)',
    },
  )
  .check(judged(judgeMemory));

export const publicUri = text('text', judgePublicUri, { pattern: '^(?:\\*|(?!\\w+://)[^\\s?#:]+)$' });
export const publicUriAllowed = 'an address such as `hello.example.com/path`, or a list of them';

const policyArnAllowed = 'the ARN of an IAM policy, such as `arn:aws:iam::123456789012:policy/read-orders`';
const policyArnPattern = /^arn:aws[a-z-]*:iam::(?:aws|[0-9]{12}):policy\/\S+$/;
export const policyArn = text(
  policyArnAllowed,
  (arn) => (policyArnPattern.test(arn) ? undefined : { allowed: policyArnAllowed }),
  { pattern: policyArnPattern.source },
);

const permissionsAllowed = 'a list of permissions (`[read]`) or of renamed variables (`[{db_host: DB_HOST}]`)';
const permission = z.union([z.string(), z.record(z.string(), envVarName)], { error: permissionsAllowed });
const linkAllowed = 'the name of a link, or a map of one name to a list, such as `{orders: [read]}`';
export const link = z.union(
  [z.string(), z.record(z.string(), z.array(permission, { error: permissionsAllowed }), { error: linkAllowed })],
  { error: linkAllowed },
);

export function list<T extends z.core.SomeType>(item: T, allowed: string) {
  return z._default(z.array(item, { error: allowed }), []);
}
