import type { Fault } from './fault.ts';

/**
 * A Kubernetes name has at most 63 characters, and Kubernetes appends up to 11 to ours: `-` and ten of a revision's
 * hash (StatefulSet, ReplicaSet) or of a Job's time (CronJob). It refuses CronJobs over 52 for that reason.
 * Names that we derive, such as `<name>-secrets`, are shorter than that.
 */
export const longestServiceName = 52;

/** A Service's name must be a DNS label by RFC 1035: unlike RFC 1123, it starts with a letter. */
export const serviceNamePattern = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/**
 * What every version of Kubernetes takes. Shells cannot read names with `-` or `.`, but images are configured by them
 * (`discovery.type` of Elasticsearch), so refusing them would leave their users without a way.
 */
export const envVarNamePattern = /^(?!\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** A listed secret is also a key of a Kubernetes Secret. */
export const longestSecretName = 253;

function asServiceName(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .replace(/^(?=[0-9])/, 'app-')
    .slice(0, longestServiceName);
  return label.replace(/-+$/, '');
}

export function judgeServiceName(text: string): Fault | undefined {
  if (serviceNamePattern.test(text) && text.length <= longestServiceName) return undefined;
  const fixed = asServiceName(text);
  const why =
    text.length > longestServiceName
      ? `It has ${text.length} characters; Kubernetes appends up to 11 to the name and stops at 63. `
      : '';
  const fault = {
    allowed: `made of lower-case letters, digits and \`-\`, starting with a letter, ending with a letter or digit, at most ${longestServiceName} characters`,
  };
  return fixed ? { ...fault, hint: `${why}Write \`${fixed}\`.` } : fault;
}

export function judgeEnvVarName(text: string): Fault | undefined {
  if (envVarNamePattern.test(text) && text !== '.') return undefined;
  const fixed = text
    .trim()
    .replace(/[^-._a-zA-Z0-9]+/g, '_')
    .replace(/^\.+/, '')
    .replace(/^(?=[0-9])/, '_');
  const fault = {
    allowed: 'made of letters, digits, `_`, `-` and `.`, and not start with a digit or `..`',
  };
  return /[a-zA-Z0-9]/.test(fixed) && fixed.length <= 60 ? { ...fault, hint: `Write \`${fixed}\`.` } : fault;
}

export function judgeSecretName(text: string): Fault | undefined {
  if (text.length > longestSecretName) {
    return { allowed: `at most ${longestSecretName} characters long, as keys of Kubernetes Secrets are` };
  }
  return judgeEnvVarName(text);
}
