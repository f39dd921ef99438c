import { ClusterError } from '../errors.ts';
import { fieldManager } from '../resources/labels.ts';
import { ApiError } from './api.ts';

/** `User "ci" cannot patch resource "deployments" in API group "apps" in the namespace "prod"` */
const forbidden =
  /User "(?<user>[^"]*)" cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)")?/;

function explainForbidden(message: string): string {
  const { user, verb, resource, group, namespace } = forbidden.exec(message)?.groups ?? {};
  if (!verb) return `${message}. The cluster's RBAC or an admission policy forbids it.`;
  return [
    `"${user}" may not ${verb} ${resource}${group ? `.${group}` : ''}${namespace ? ` in namespace ${namespace}` : ''}.`,
    `A ${namespace ? `Role in namespace ${namespace}` : 'ClusterRole'} bound to that user needs the rule`,
    `  - {apiGroups: ["${group ?? ''}"], resources: ["${resource}"], verbs: ["${verb}"]}`,
    'README.md, "Permissions", has the whole Role that a deploy needs.',
  ].join('\n');
}

function explainConflicts(error: ApiError): string {
  const causes = error.status.details?.causes ?? [];
  const fields = causes.map(({ field, message }) => {
    const manager = /conflict with "([^"]+)"/.exec(message ?? '')?.[1] ?? 'another manager';
    return `  ${field} is managed by ${manager}`;
  });
  return [
    'another manager owns fields that this deploy would set:',
    ...fields,
    'Either let go of them there (remove the field from what that tool applies), or set force_conflicts: true to take them over.',
  ].join('\n');
}

/** What a refusal means and what to do about it. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 401:
      return 'the cluster does not accept the credentials (401 Unauthorized). A token may have expired; for EKS, the IAM role of this job needs an access entry in the cluster (eks:CreateAccessEntry).';
    case 403:
      return explainForbidden(error.message);
    case 409:
      return error.status.details?.causes?.some(({ reason }) => reason === 'FieldManagerConflict')
        ? explainConflicts(error)
        : error.message;
    default:
      return error.message;
  }
}

/** True when all that stands in the way is the number of pods, which an autoscaler or `kubectl scale` has set. */
export function onlyReplicasConflict(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code !== 409) return false;
  const causes = error.status.details?.causes ?? [];
  return (
    causes.length > 0 &&
    causes.every(
      ({ reason, field, message }) =>
        reason === 'FieldManagerConflict' &&
        field === '.spec.replicas' &&
        (message?.includes('"kube-controller-manager"') || message?.includes(`"${fieldManager}-`)),
    )
  );
}

/** One error for everything the cluster refused of one step. */
export function refusals(
  headline: string,
  refused: readonly { readonly what: string; readonly error: unknown }[],
): ClusterError {
  // A token that is not accepted, or a server that is gone, is one problem, not one for each object.
  const texts = new Map<string, string[]>();
  for (const { what, error } of refused) {
    const text = explain(error);
    texts.set(text, [...(texts.get(text) ?? []), what]);
  }
  const lines = [...texts].map(([text, whats]) => `${whats.join(', ')}: ${text}`);
  return new ClusterError([headline, ...lines].join('\n'), { cause: refused[0]?.error });
}
