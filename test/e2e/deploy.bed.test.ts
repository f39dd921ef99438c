import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type Any, apply, freshNamespace, get, kubectl, removeNamespaces, stateOf } from './cluster.ts';
import { runStep } from './step.ts';

const noPods = process.env.BED_NO_PODS;
/** An image that only waits for its end, and has no port. */
const pause = `${process.env.BED_REGISTRY}/bed/pause:1`;

afterAll(removeNamespaces);

function spec(text: string, image = pause): Readonly<Record<string, string>> {
  return { 'service.yaml': `name: web\nimage: ${image}\n${text}` };
}

const fixed = 'min_containers: 1\nmax_containers: 1\n';
const none = 'min_containers: 0\nmax_containers: 0\n';

describe.skipIf(noPods)(`with real pods${noPods ? `: ${noPods}` : ''}`, () => {
  test('a first deploy makes the namespace and the objects, waits for the pods, and tells what it did', async () => {
    const namespace = freshNamespace();
    const files = spec('min_containers: 2\nmax_containers: 2\nenv_vars: {GREETING: hi}\n');
    const first = await runStep({ files, inputs: { namespace } });
    expect(first).toMatchObject({ code: 0, errors: [] });
    expect(get(namespace, 'deployment', 'web').status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
    expect(first.outputs).toMatchObject({
      namespace,
      changed: 'true',
      docker_repo_url: '',
      current_image: pause,
      url: '',
    });
    expect(JSON.parse(first.outputs.result ?? '').changes).toEqual({
      'ServiceAccount/web': 'created',
      'Deployment/web': 'created',
      'PodDisruptionBudget/web': 'created',
    });
    expect(first.summary).toContain('| Replicas | 2 of 2 ready |');

    const before = stateOf(namespace);
    const second = await runStep({ files, inputs: { namespace } });
    expect(second).toMatchObject({ code: 0, outputs: { changed: 'false' } });
    expect(second.log).toContain('Deployment/web unchanged');
    expect(stateOf(namespace)).toEqual(before);
  });

  test('the values that the spec lists reach the pods; a changed one replaces them, a redeploy without values keeps them', async () => {
    const namespace = freshNamespace();
    const files = spec(`${fixed}secrets: [PASSWORD]\n`);
    const podsOf = () =>
      kubectl(['-n', namespace, 'get', 'pods', '-o', 'name', '--field-selector', 'status.phase=Running']);
    const first = await runStep({ files, inputs: { namespace, secrets: 'PASSWORD=correct horse\nOTHER=not listed' } });
    expect(first.code, first.log).toBe(0);
    const secret = get(namespace, 'secret', 'web-secrets');
    expect(secret.data).toEqual({ PASSWORD: Buffer.from('correct horse').toString('base64') });
    const pods = podsOf();

    const again = await runStep({ files, inputs: { namespace } });
    expect(again, again.log).toMatchObject({ code: 0, outputs: { changed: 'false' } });
    expect(podsOf()).toBe(pods);

    const changed = await runStep({
      files,
      inputs: { namespace, secrets: JSON.stringify({ PASSWORD: 'battery staple' }) },
    });
    expect(changed.code, changed.log).toBe(0);
    expect(JSON.parse(changed.outputs.result ?? '').changes).toMatchObject({
      'Secret/web-secrets': 'configured',
      'Deployment/web': 'configured',
    });
    expect(podsOf()).not.toBe(pods);
    const template = get(namespace, 'deployment', 'web').spec.template;
    expect(template.spec.containers[0].env).toEqual([
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'web-secrets', key: 'PASSWORD' } } },
    ]);
    for (const { log, summary } of [first, again, changed]) {
      // The one place where a value may stand is the command that masks it.
      const shown = log.replaceAll(/^::add-mask::.*$/gm, '') + summary;
      expect(shown).not.toMatch(/correct horse|battery staple|not listed/);
    }
  });

  test('a rollout that is not ready in time is red and shows where its pods stand', async () => {
    const namespace = freshNamespace();
    const step = await runStep({
      files: spec(fixed, `${process.env.BED_REGISTRY}/bed/not-there:1`),
      inputs: { namespace, timeout: '4' },
    });
    expect(step.code).toBe(1);
    expect(step.errors[0]?.message).toMatch(/^web (was not ready within 4 s|does not become ready)/);
    expect(step.errors[0]?.message).toMatch(/web-\S+: (ErrImagePull|ImagePullBackOff): .*not-there/);
    expect(step.summary).toMatch(/ErrImagePull|ImagePullBackOff/);
  });

  test('the cluster of the inputs cluster and region is reached with a token, without a kubeconfig', async () => {
    const namespace = freshNamespace();
    const step = await runStep({
      files: spec(fixed),
      inputs: { namespace, cluster: process.env.BED_CLUSTER ?? '', region: 'us-east-1' },
      env: { KUBECONFIG: undefined },
    });
    expect(step.code, step.log).toBe(0);
    expect(get(namespace, 'deployment', 'web').status.readyReplicas).toBe(1);
  });
});

test('a kubeconfig can be given as its text, with one of its contexts', async () => {
  const namespace = freshNamespace();
  const kubeconfig = readFileSync(process.env.KUBECONFIG ?? '', 'utf8');
  const context = kubectl(['config', 'current-context']).trim();
  const step = await runStep({
    files: spec(none),
    inputs: { namespace, kubeconfig, context },
    env: { KUBECONFIG: undefined },
  });
  expect(step.code, step.log).toBe(0);
  expect(get(namespace, 'deployment', 'web').spec.replicas).toBe(0);
});

test('a listed secret may come from manual-secrets, where Opta kept it', async () => {
  const namespace = freshNamespace();
  kubectl(['create', 'namespace', namespace]);
  kubectl(['-n', namespace, 'create', 'secret', 'generic', 'manual-secrets', '--from-literal=TOKEN=by-hand']);
  const step = await runStep({ files: spec(`${none}secrets: [TOKEN]\n`), inputs: { namespace } });
  expect(step.code, step.log).toBe(0);
  const [container] = get(namespace, 'deployment', 'web').spec.template.spec.containers;
  expect(container.env[0].valueFrom.secretKeyRef).toEqual({ name: 'manual-secrets', key: 'TOKEN' });
  expect(step.outputs.result).not.toContain('web-secrets');
});

test('a value of several lines arrives whole, and each of its lines is masked', async () => {
  const namespace = freshNamespace();
  const value = 'first line\n  second: "$HOME" `id`\n\nlast';
  const step = await runStep({
    files: spec(`${none}secrets: [CERTIFICATE]\n`),
    inputs: { namespace, secrets: JSON.stringify({ CERTIFICATE: value }) },
  });
  expect(step.code, step.log).toBe(0);
  const stored = get(namespace, 'secret', 'web-secrets').data.CERTIFICATE;
  expect(Buffer.from(stored, 'base64').toString()).toBe(value);
  for (const line of ['first line', '  second: "$HOME" `id`', 'last'])
    expect(step.log).toContain(`::add-mask::${line}\n`);
});

test('what the spec no longer asks for is deleted, unless prune is false', async () => {
  const namespace = freshNamespace();
  const withIngress = spec(`${none}port: {http: 8080}\npublic_uri: shop.example.com\n`);
  const step = await runStep({ files: withIngress, inputs: { namespace } });
  expect(step).toMatchObject({ code: 0, outputs: { url: 'http://shop.example.com/' } });
  expect(get(namespace, 'ingress', 'web').spec.rules[0].host).toBe('shop.example.com');

  const kept = await runStep({ files: spec(none), inputs: { namespace, prune: 'false' } });
  expect(kept.code, kept.log).toBe(0);
  expect(get(namespace, 'ingress', 'web').kind).toBe('Ingress');

  const pruned = await runStep({ files: spec(none), inputs: { namespace } });
  expect(JSON.parse(pruned.outputs.result ?? '').changes).toMatchObject({
    'Ingress/web': 'removed',
    'Service/web': 'removed',
  });
  expect(kubectl(['-n', namespace, 'get', 'ingress,service', '-o', 'name'])).toBe('');
});

describe('the number of pods under an autoscaler', () => {
  const replicas = (namespace: string) => get(namespace, 'deployment', 'web').spec.replicas as number;
  const autoscaled = 'min_containers: 2\nmax_containers: 5\n';

  test.skipIf(noPods)(
    'starts at the minimum, is nobody else’s to set, and survives the way from fixed to scaled and back',
    async () => {
      const namespace = freshNamespace();
      const deploy = (text: string) => runStep({ files: spec(text), inputs: { namespace } });
      expect((await deploy(autoscaled)).code).toBe(0);
      expect(replicas(namespace)).toBe(2);
      expect(get(namespace, 'hpa', 'web').spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
      expect((await deploy(autoscaled)).outputs.changed).toBe('false');

      // As the autoscaler does it, by the scale subresource.
      kubectl(['-n', namespace, 'scale', 'deployment/web', '--replicas=4']);
      const again = await deploy(`${autoscaled}env_vars: {A: b}\n`);
      expect(again.code, again.log).toBe(0);
      expect(replicas(namespace)).toBe(4);

      const fixedAgain = await runStep({ files: spec(fixed), inputs: { namespace, force_conflicts: 'true' } });
      expect(fixedAgain.code, fixedAgain.log).toBe(0);
      expect(replicas(namespace)).toBe(1);
      expect(kubectl(['-n', namespace, 'get', 'hpa', '-o', 'name'])).toBe('');

      const three = await deploy('min_containers: 3\nmax_containers: 3\n');
      expect(three.code, three.log).toBe(0);
      const scaled = await deploy(autoscaled);
      expect(scaled.code, scaled.log).toBe(0);
      expect(replicas(namespace)).toBe(3);
    },
  );
});

describe('a field that another manager owns', () => {
  async function contested(): Promise<string> {
    const namespace = freshNamespace();
    expect((await runStep({ files: spec(none), inputs: { namespace } })).code).toBe(0);
    const theirs: Any = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: { progressDeadlineSeconds: 77 },
    };
    kubectl(
      ['apply', '--server-side', '--force-conflicts', '--field-manager=theirs', '-f', '-'],
      JSON.stringify(theirs),
    );
    return namespace;
  }

  test('ends the run with the object, the field and the manager, and nothing is changed', async () => {
    const namespace = await contested();
    const before = stateOf(namespace);
    const step = await runStep({ files: spec(none), inputs: { namespace } });
    expect(step.code).toBe(1);
    expect(step.errors[0]?.message).toContain('Deployment/web: another manager owns fields');
    expect(step.errors[0]?.message).toContain('.spec.progressDeadlineSeconds is managed by theirs');
    expect(step.errors[0]?.message).toContain('force_conflicts: true');
    expect(stateOf(namespace)).toEqual(before);
  });

  test('is taken over with force_conflicts', async () => {
    const namespace = await contested();
    const step = await runStep({ files: spec(none), inputs: { namespace, force_conflicts: 'true' } });
    expect(step.code, step.log).toBe(0);
    expect(get(namespace, 'deployment', 'web').spec.progressDeadlineSeconds).toBe(300);
  });
});

test('objects that somebody else made with the same name are taken in, not made twice', async () => {
  const namespace = freshNamespace();
  kubectl(['create', 'namespace', namespace]);
  apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace, annotations: { team: 'a' } } });
  const step = await runStep({ files: spec(none), inputs: { namespace } });
  expect(step.code, step.log).toBe(0);
  const account = get(namespace, 'serviceaccount', 'web');
  expect(account.metadata.annotations.team).toBe('a');
  expect(account.metadata.labels['app.kubernetes.io/managed-by']).toBe('k8s-service-action');
});
