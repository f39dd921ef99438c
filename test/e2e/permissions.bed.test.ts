import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { type Any, freshNamespace, kubectl, removeNamespaces } from './cluster.ts';
import { runStep } from './step.ts';

const file = path.join(import.meta.dirname, '../../.github/permissions/kubernetes-role.yaml');
const replicas = process.env.BED_NO_PODS ? 0 : 1;

afterAll(removeNamespaces);

/** A namespace with the documented Role, changed by `edit`, and the kubeconfig of a user who has that and nothing else. */
function restricted(edit: (role: Any) => void = () => {}): { namespace: string; kubeconfig: string } {
  const namespace = freshNamespace();
  kubectl(['create', 'namespace', namespace]);
  const [role, binding] = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Any);
  edit(role);
  binding.subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ci' }];
  const objects = [role, binding].map((one) => JSON.stringify({ ...one, metadata: { ...one.metadata, namespace } }));
  kubectl(['apply', '-f', '-'], objects.join('\n---\n'));
  const config = parse(readFileSync(process.env.KUBECONFIG ?? '', 'utf8'));
  // The bed's user is an administrator, who may act as one who is not; client-node hands on a user, but no groups.
  config.users[0].user.as = 'ci';
  return { namespace, kubeconfig: stringify(config) };
}

const files = (extra: string) => ({
  'service.yaml': `name: web\nimage: ${process.env.BED_REGISTRY}/bed/pause:1\nmin_containers: ${replicas}\nmax_containers: ${replicas}\n${extra}`,
});
const everything = `port: {http: 8080}\npublic_uri: web.example.com\nsecrets: [TOKEN]\n`;

test('the documented Role is enough to deploy, to deploy again, and to prune', async () => {
  const { namespace, kubeconfig } = restricted();
  const inputs = { namespace, kubeconfig, secrets: 'TOKEN=abc123' };
  for (const extra of [everything, everything, '']) {
    const step = await runStep({ files: files(extra), inputs });
    expect(step.code, step.log).toBe(0);
  }
});

test.each<[string, string, string]>([
  ['apps', 'deployments', 'patch'],
  ['apps', 'deployments', 'create'],
  ['', 'secrets', 'get'],
  ['networking.k8s.io', 'ingresses', 'list'],
  ['', 'pods', 'watch'],
])('without %s %s %s the error names the rule to add', async (group, resource, verb) => {
  const { namespace, kubeconfig } = restricted((role) => {
    role.rules = (role.rules as Any[])
      .flatMap((rule) => rule.resources.map((one: string) => ({ ...rule, resources: [one] })))
      .map((rule) => {
        const here = rule.apiGroups.includes(group) && rule.resources.includes(resource);
        return here ? { ...rule, verbs: rule.verbs.filter((one: string) => one !== verb) } : rule;
      })
      .filter(({ verbs }) => verbs.length > 0);
  });
  const step = await runStep({ files: files(everything), inputs: { namespace, kubeconfig, secrets: 'TOKEN=abc123' } });
  expect(step.code, step.log).toBe(1);
  expect(step.errors[0]?.message).toContain(`may not ${verb} ${resource}`);
  expect(step.errors[0]?.message).toContain(
    `- {apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]}`,
  );
});
