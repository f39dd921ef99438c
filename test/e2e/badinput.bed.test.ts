import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freshNamespace, kubectl, removeNamespaces, stateOf } from './cluster.ts';
import { runStep, type Step, type StepOptions, workspaceWith } from './step.ts';

const noBuilds = process.env.BED_NO_BUILDS;
const pause = `${process.env.BED_REGISTRY}/bed/pause:1`;
const header = `name: web\nimage: ${pause}\nmin_containers: 0\nmax_containers: 0\n`;

afterAll(removeNamespaces);

/** Runs a step that must end red, and checks that neither its namespace nor anything in it is there afterwards. */
async function refused(options: StepOptions): Promise<Step> {
  const namespace = freshNamespace();
  const step = await runStep({ ...options, inputs: { namespace, ...options.inputs } });
  expect(step.code, step.log).toBe(1);
  expect(stateOf(namespace)).toEqual([]);
  expect(step.outputs).toEqual({});
  // A stack trace tells a user nothing.
  expect(step.log).not.toMatch(/^\s+at .*(index\.js|node:internal)/m);
  return step;
}

const messages = ({ errors }: Step) => errors.map(({ message }) => message).join('\n');

describe('a spec that cannot be right is refused at its line', () => {
  test.each<[string, string, number, number, RegExp]>([
    ['an empty file', '', 1, 1, /holds no spec/],
    ['a YAML syntax error', 'name: web\nimage: [nginx\n', 2, 8, /./],
    ['an unknown field', `${header}healthcheck_pth: /\n`, 5, 1, /healthcheck_path/],
    ['a wrong type', `${header}env_vars: 7\n`, 5, 11, /env_vars/],
    ['min over max', 'name: web\nimage: nginx\nmin_containers: 3\nmax_containers: 2\n', 3, 17, /max_containers/],
    ['port 0', `${header}port: {http: 0}\n`, 5, 14, /65535/],
    ['port 70000', `${header}port: {http: 70000}\n`, 5, 14, /65535/],
    ['both http and tcp', `${header}port: {http: 80, tcp: 81}\n`, 5, 7, /http.*tcp|tcp.*http/],
    ['a name that is not a DNS label', 'name: My_Service\nimage: nginx\n', 1, 7, /my-service/],
    ['a name that is too long', `name: ${'a'.repeat(64)}\nimage: nginx\n`, 1, 7, /at most \d+ characters/],
    ['an environment variable that is none', `${header}env_vars: {"2X Y": a}\n`, 5, 12, /2X Y/],
    ['a parent value that is not given', `${header}env_vars: {A: "{parent[zone]}"}\n`, 5, 16, /zone.*domain/s],
    [
      'a public_uri outside the parent domain',
      `${header}port: {http: 80}\npublic_uri: shop.example.org\n`,
      6,
      13,
      /example\.com/,
    ],
    ['links, which are not built yet', `${header}links: [db]\n`, 5, 1, /not supported yet/],
    [
      'policies, which are not built yet',
      `${header}additional_iam_policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n`,
      5,
      1,
      /not supported yet/,
    ],
  ])('%s', async (_, text, line, col, message) => {
    const step = await refused({ files: { 'service.yaml': text }, inputs: { parent: 'domain: example.com' } });
    expect(step.errors[0]).toMatchObject({ file: 'service.yaml', line, col });
    expect(step.errors[0]?.message).toMatch(message);
  });

  test('two errors come at once', async () => {
    const step = await refused({ files: { 'service.yaml': `${header}port: {http: 0}\nhealthchek_path: /\n` } });
    expect(step.errors.filter(({ file }) => file === 'service.yaml').map(({ line }) => line)).toEqual([5, 6]);
  });

  test('of more errors than GitHub shows, all are in the last one', async () => {
    const lines = Array.from({ length: 14 }, (_, index) => `unknown_${index}: 1\n`).join('');
    const step = await refused({ files: { 'service.yaml': header + lines } });
    expect(step.errors).toHaveLength(10);
    expect(step.errors[9]?.message).toContain('unknown_13');
  });

  test('no spec at all', async () => {
    const step = await refused({ files: {} });
    expect(messages(step)).toMatch(/neither service\.yaml nor service\.yml/);
    const named = await refused({ files: {}, inputs: { spec: 'deploy/web.yaml' } });
    expect(messages(named)).toMatch(/no file deploy\/web\.yaml/);
  });

  test('a listed secret without a value', async () => {
    const step = await refused({
      files: { 'service.yaml': `${header}secrets: [API_KEY, TOKEN]\n` },
      inputs: { secrets: 'TOKEN=x1y2' },
    });
    expect(step.errors[0]).toMatchObject({ file: 'service.yaml', line: 5, col: 11 });
    expect(step.errors[0]?.message).toMatch(/API_KEY has no value.*input secrets.*manual-secrets/s);
  });
});

describe('inputs that cannot be right are refused by name', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['a choice', { build: 'sometimes' }, /Input build: "sometimes" is not one of auto, always, never/],
    ['a flag', { prune: 'yes please' }, /Input prune/],
    ['a namespace', { namespace: '../kube-system' }, /Input namespace: "..\/kube-system" is not/],
    ['a time', { timeout: 'soon' }, /Input timeout: "soon"/],
    ['a map', { parent: '- a' }, /Input parent is not a YAML map/],
    ['a map of maps', { parent: 'a: {b: c}' }, /Input parent: the value of "a"/],
    ['secrets that are no assignments', { secrets: 'hunter2' }, /Input secrets: a line is not of the form NAME=value/],
    ['secrets that are broken JSON', { secrets: '{"A": "hunter2"' }, /Input secrets starts like JSON/],
    ['two clusters', { cluster: 'a', kubeconfig: 'b' }, /Inputs cluster and kubeconfig/],
    ['an image tag for an external image', { image_tag: 'v1' }, /image_tag/],
  ])('%s', async (_, inputs, message) => {
    const step = await refused({ files: { 'service.yaml': header }, inputs });
    expect(messages(step)).toMatch(message);
    expect(step.log).not.toContain('hunter2');
  });
});

describe('an image that cannot be had', () => {
  const auto = 'name: web\nimage: AUTO\nmin_containers: 0\nmax_containers: 0\n';

  test('no Dockerfile', async () => {
    const step = await refused({ files: { 'service.yaml': auto } });
    expect(messages(step)).toMatch(/Dockerfile/);
  });

  test.skipIf(noBuilds)('a build that fails shows its last lines', async () => {
    const step = await refused({ files: { 'service.yaml': auto, Dockerfile: 'FROM scratch\nCOPY not-there /x\n' } });
    expect(messages(step)).toMatch(/build.*failed[\s\S]*not-there/i);
  });

  test('build: never without an image of this content', async () => {
    const files = { 'service.yaml': auto, Dockerfile: 'FROM scratch\nLABEL never=1\n' };
    const step = await refused({ files, inputs: { build: 'never' } });
    expect(messages(step)).toMatch(/never/);
  });

  /** ECR on the wire, as far as it is asked: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ */
  async function withEcr(
    answer: (action: string) => { code: number; body: object },
    use: (url: string) => Promise<void>,
  ) {
    const server = createHttpServer((request, response) => {
      const action = String(request.headers['x-amz-target']).split('.').pop() ?? '';
      const { code, body } = answer(action);
      response.writeHead(code, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
    }
  }

  const files = { 'service.yaml': auto, Dockerfile: 'FROM scratch\n' };

  test('ECR denies: the action and the resource are named', async () => {
    const message =
      'User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: ecr:DescribeRepositories on resource: arn:aws:ecr:us-east-1:123456789012:repository/x/web because no identity-based policy allows the ecr:DescribeRepositories action';
    const denied = { code: 400, body: { __type: 'AccessDeniedException', message } };
    await withEcr(
      () => denied,
      async (AWS_ENDPOINT_URL) => {
        const step = await refused({ files, env: { AWS_ENDPOINT_URL } });
        expect(messages(step)).toMatch(/ecr:DescribeRepositories/);
        expect(messages(step)).toMatch(/repository\/x\/web/);
      },
    );
  });

  test('the registry is down', async () => {
    const authorizationToken = Buffer.from('AWS:password-of-the-registry').toString('base64');
    const answers: Record<string, object> = {
      DescribeRepositories: { repositories: [{ repositoryName: 'x/web', repositoryUri: '127.0.0.1:9/x/web' }] },
      GetAuthorizationToken: { authorizationData: [{ authorizationToken, proxyEndpoint: 'http://127.0.0.1:9' }] },
    };
    await withEcr(
      (action) => ({ code: 200, body: answers[action] ?? {} }),
      async (AWS_ENDPOINT_URL) => {
        const step = await refused({ files, env: { AWS_ENDPOINT_URL } });
        expect(messages(step)).toMatch(/127\.0\.0\.1:9/);
        expect(step.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('password-of-the-registry');
      },
    );
  });

  test('no AWS credentials', async () => {
    const none = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: '/nonexistent',
    };
    const step = await refused({ files, env: none });
    expect(messages(step)).toMatch(/id-token: write[\s\S]*configure-aws-credentials/);
  });
});

describe('a cluster that cannot be had', () => {
  const files = { 'service.yaml': header };
  const bed = () => parse(readFileSync(process.env.KUBECONFIG ?? '', 'utf8'));

  test('a kubeconfig that is none', async () => {
    expect(messages(await refused({ files, inputs: { kubeconfig: 'a: [b\nc' } }))).toMatch(/kubeconfig/);
    expect(messages(await refused({ files, inputs: { kubeconfig: '/not/there' } }))).toMatch(
      /there is no file \/not\/there/,
    );
    expect(messages(await refused({ files, inputs: { kubeconfig: 'kind: Config\napiVersion: v1\n' } }))).toMatch(
      /which cluster/,
    );
    expect(messages(await refused({ files, inputs: { context: 'nowhere' } }))).toMatch(
      /no context "nowhere". It has: bed/,
    );
  });

  test('no kubeconfig at all', async () => {
    const step = await refused({ files, env: { KUBECONFIG: undefined, HOME: '/nonexistent' } });
    expect(messages(step)).toMatch(/inputs cluster and region/);
  });

  test('an EKS cluster that does not exist', async () => {
    const step = await refused({ files, inputs: { cluster: 'elsewhere', region: 'us-east-1' } });
    expect(messages(step)).toMatch(/no EKS cluster elsewhere in us-east-1/);
  });

  test('nothing listens there, or what listens says nothing: the run ends within 20 s', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const unused = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => unused.once('listening', resolve));
    const { port: closed } = unused.address() as AddressInfo;
    await new Promise((resolve) => unused.close(resolve));
    for (const one of [port, closed]) {
      const config = bed();
      config.clusters[0].cluster.server = `https://127.0.0.1:${one}`;
      const limit = AbortSignal.timeout(20_000);
      const step = await refused({ files, inputs: { kubeconfig: stringify(config) } });
      expect(messages(step)).toMatch(new RegExp(`cannot reach the cluster at https://127.0.0.1:${one}`));
      expect(limit.aborted).toBe(false);
    }
    silent.close();
  });

  test('a token that is not accepted', async () => {
    const config = bed();
    config.users[0].user = { token: 'not-a-token' };
    const step = await refused({ files, inputs: { kubeconfig: stringify(config) } });
    expect(messages(step)).toMatch(/does not accept the credentials \(401/);
    expect(step.log).not.toContain('not-a-token');
  });

  test('a user without rights learns which rule is missing', async () => {
    const config = bed();
    config.users[0].user = { ...config.users[0].user, as: 'nobody-special' };
    const step = await refused({ files, inputs: { kubeconfig: stringify(config) } });
    expect(messages(step)).toMatch(/"nobody-special" may not list serviceaccounts/);
    expect(messages(step)).toContain('- {apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"]}');
  });
});

test('objects that the API server refuses come all at once, and the namespace made for them goes again', async () => {
  const files = {
    'service.yaml': `name: web\nimage: ${pause}\nmin_containers: 0\nmax_containers: 0\nresource_request: {cpu: 100, memory: 64}\n`,
  };
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'e2e-refuses' },
    spec: {
      matchConstraints: {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['e2e-refused'] }],
        },
        resourceRules: [
          {
            apiGroups: ['', 'apps'],
            apiVersions: ['*'],
            operations: ['CREATE'],
            resources: ['deployments', 'serviceaccounts'],
          },
        ],
      },
      validations: [{ expression: 'object.metadata.name != "web"', message: 'names must not be web here' }],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'e2e-refuses' },
    spec: { policyName: 'e2e-refuses', validationActions: ['Deny'] },
  };
  const both = [policy, binding].map((one) => JSON.stringify(one)).join('\n---\n');
  kubectl(['apply', '-f', '-'], both);
  try {
    // The API server takes a moment to act on a new policy.
    const refusal = await (async () => {
      for (;;) {
        const step = await runStep({ files, inputs: { namespace: 'e2e-refused' } });
        if (step.code !== 0) return step;
        kubectl(['delete', 'namespace', 'e2e-refused']);
      }
    })();
    expect(messages(refusal)).toMatch(/refuses 2 of 2 objects; nothing was changed/);
    expect(messages(refusal)).toMatch(/ServiceAccount\/web.*names must not be web here/);
    expect(messages(refusal)).toMatch(/Deployment\/web.*names must not be web here/);
    kubectl(['wait', '--for=delete', 'namespace/e2e-refused', '--timeout=60s']);
  } finally {
    kubectl(['delete', '--ignore-not-found', '-f', '-'], both);
  }
});

describe('SIGTERM in the middle', () => {
  test('of the rollout: the step ends red and says what state it leaves', async () => {
    const namespace = freshNamespace();
    const step = await runStep({
      files: {
        'service.yaml': `name: web\nimage: ${process.env.BED_REGISTRY}/bed/not-there:1\nmin_containers: 1\nmax_containers: 1\n`,
      },
      inputs: { namespace },
      onOutput: (text, kill) => {
        if (text.includes('0 of 1 ready')) kill('SIGTERM');
      },
    });
    expect(step.code).toBe(1);
    expect(messages(step)).toMatch(/Cancelled \(SIGTERM\)\. Everything is applied; the cluster carries the rollout on/);
  });

  test.skipIf(noBuilds)(
    'of the build: docker is stopped, nothing is left behind, the cluster is unchanged',
    async () => {
      const workspace = workspaceWith({
        'service.yaml': 'name: web\nimage: AUTO\n',
        Dockerfile: 'FROM scratch\nCOPY big /big\n',
      });
      writeFileSync(path.join(workspace, 'big'), Buffer.alloc(200_000_000, 1));
      const step = await refused({
        workspace,
        onOutput: (text, kill) => {
          if (text.includes('#1 ')) kill('SIGTERM');
        },
      });
      expect(messages(step)).toMatch(/Cancelled \(SIGTERM\)\. Nothing was changed in the cluster/);
    },
  );
});
