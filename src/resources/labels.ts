/**
 * Labels of what this action makes: Kubernetes' recommended ones.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */

export const fieldManager = 'k8s-service-action';

/** Prefix of the annotations this action writes. */
export const annotationPrefix = 'k8s-service-action';

/** What selects a service's pods. A Deployment's selector cannot be changed once it exists: neither can this. */
export function selectorLabels(name: string): Record<string, string> {
  return { 'app.kubernetes.io/instance': name, 'app.kubernetes.io/name': name };
}

/** What every object of a service carries, and what it is found by when it is no longer rendered. */
export function ownedLabels(name: string, namespace: string): Record<string, string> {
  return {
    ...selectorLabels(name),
    'app.kubernetes.io/managed-by': fieldManager,
    'app.kubernetes.io/part-of': namespace,
  };
}

/** The label selector of all objects of a service, for a list request. */
export function ownedSelector(name: string): string {
  return [
    `app.kubernetes.io/instance=${name}`,
    `app.kubernetes.io/managed-by=${fieldManager}`,
    `app.kubernetes.io/name=${name}`,
  ].join(',');
}

/** A label value from any text, such as an image tag: at most 63 characters, letters and digits at both ends. */
export function labelValue(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 63)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}
