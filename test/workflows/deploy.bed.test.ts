import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goBinary, goTool } from '../bed/bed.ts';
import { type Any, freshNamespace, get, kubectl, removeNamespaces } from '../e2e/cluster.ts';
import { published, Stage } from './act.ts';

const missing = process.env.BED_NO_PODS ?? process.env.BED_NO_BUILDS;
const hello = path.resolve(import.meta.dirname, '../demo/hello');
const apiKey = 'battery-staple-47';
const stages: Stage[] = [];

beforeAll(async () => {
  await goTool('act', console.log);
}, 900_000);

afterAll(() => {
  removeNamespaces();
  for (const stage of stages) stage.remove();
});

/** A job that needs the deploy, and keeps what it gets from it. */
const workflow = (namespace: string) => `
on: push
jobs:
  release:
    uses: ${published}/.github/workflows/deploy.yml@v1
    permissions:
      contents: read
      id-token: write
    with:
      environment: production
      cluster: ${process.env.BED_CLUSTER}
      region: ${process.env.AWS_REGION}
      role: arn:aws:iam::123456789012:role/deploy
      namespace: ${namespace}
    secrets:
      service_secrets: |
        API_KEY=\${{ secrets.API_KEY }}
  after:
    needs: release
    runs-on: ubuntu-latest
    steps:
      - run: printf '%s' "$OUTPUTS" > "$KEPT"
        env:
          OUTPUTS: \${{ toJSON(needs.release.outputs) }}
`;

async function stageOf(namespace: string, spec: string) {
  const stage = new Stage({
    '.github/workflows/main.yml': workflow(namespace),
    'service.yaml': spec,
    Dockerfile: readFileSync(path.join(hello, 'Dockerfile')),
    hello: readFileSync(await goBinary(hello)),
  });
  stages.push(stage);
  return stage;
}

const spec = `name: hello
image: AUTO
port: {http: 8080}
healthcheck_path: /healthz
min_containers: 1
max_containers: 1
secrets: [API_KEY]
`;

const outputsOf = (stage: Stage): Any => JSON.parse(readFileSync(stage.kept, 'utf8'));

describe.skipIf(missing)(`the reusable workflow, called by another repository${missing ? `: ${missing}` : ''}`, () => {
  test('deploys the service, and hands its image on to the next job; a second push builds and changes nothing', async () => {
    const namespace = freshNamespace();
    const stage = await stageOf(namespace, spec);
    const first = await stage.push({ API_KEY: apiKey });
    expect(first, first.log).toMatchObject({ code: 0, jobs: { Deploy: 'succeeded', after: 'succeeded' } });

    const outputs = outputsOf(stage);
    const repository = `${process.env.BED_REGISTRY}/${namespace}/hello`;
    expect(outputs).toMatchObject({ docker_repo_url: repository, namespace, changed: 'true', urls: '[]' });
    expect(outputs.current_image).toBe(`${repository}:${outputs.current_tag}@${outputs.current_digest}`);
    expect(JSON.parse(outputs.result)).toMatchObject({ repository: `${namespace}/hello`, built: true });

    const deployment = get(namespace, 'deployment', 'hello');
    expect(deployment.spec.template.spec.containers[0].image).toBe(outputs.current_image);
    expect(deployment.status).toMatchObject({ readyReplicas: 1, updatedReplicas: 1 });
    const { items: pods } = JSON.parse(kubectl(['-n', namespace, 'get', 'pods', '-o', 'json'])) as { items: Any[] };
    expect(pods[0].status.containerStatuses[0]).toMatchObject({
      ready: true,
      imageID: expect.stringContaining(outputs.current_digest),
    });

    const { API_KEY: kept = '' } = get(namespace, 'secret', 'hello-secrets').data;
    expect(Buffer.from(kept, 'base64').toString()).toBe(apiKey);
    expect(first.log).not.toContain(apiKey);

    const second = await stage.push({ API_KEY: apiKey });
    expect(second, second.log).toMatchObject({ code: 0, jobs: { Deploy: 'succeeded', after: 'succeeded' } });
    expect(second.log).not.toContain('docker build');
    const again = outputsOf(stage);
    expect(again).toMatchObject({ changed: 'false', current_image: outputs.current_image });
    expect(JSON.parse(again.result)).toMatchObject({ built: false });
    expect(get(namespace, 'deployment', 'hello').metadata.resourceVersion).toBe(deployment.metadata.resourceVersion);
  });

  test('a spec with a mistake makes the job red at its line; the next job does not run and the cluster is untouched', async () => {
    const namespace = freshNamespace();
    const stage = await stageOf(namespace, spec.replace('healthcheck_path', 'healtcheck_path'));
    const run = await stage.push({ API_KEY: apiKey });
    expect(run.code).not.toBe(0);
    expect(run.jobs, run.log).toEqual({ Deploy: 'failed' });
    expect(run.log).toMatch(/::error file=service\.yaml,line=4.*healthcheck_path/);
    expect(existsSync(stage.kept)).toBe(false);
    expect(kubectl(['get', 'namespaces', '-o', 'name'])).not.toContain(namespace);
  });
});
