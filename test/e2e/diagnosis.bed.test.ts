import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goBinary } from '../bed/bed.ts';
import { pushImage } from '../bed/images.ts';
import { apply, freshNamespace, kubectl, removeNamespaces } from './cluster.ts';
import { runStep } from './step.ts';

const noPods = process.env.BED_NO_PODS;
const noBuilds = process.env.BED_NO_BUILDS;
const registry = process.env.BED_REGISTRY;
/** A service that misbehaves as its environment says. */
const program = path.join(import.meta.dirname, '../rollout/fixture');
const fixture = `${registry}/bed/fixture:1`;

const fixed = 'min_containers: 1\nmax_containers: 1\n';
const small = 'resource_request: {cpu: 10, memory: 64}\n';
const ready = 'port: {http: 8080}\nreadiness_probe_path: /ready\n';

function files(lines: string, image = fixture): Readonly<Record<string, string>> {
  return { 'service.yaml': `name: web\nimage: ${image}\n${fixed}${lines}` };
}

beforeAll(async () => {
  if (!noPods) await pushImage('fixture', await goBinary(program));
});

afterAll(removeNamespaces);

/** Deploys what cannot work, and gives what the step says; the time it may take is longer than any of the causes needs. */
async function failing(of: Readonly<Record<string, string>>, namespace = freshNamespace()): Promise<string> {
  const step = await runStep({ files: of, inputs: { namespace, timeout: '60' } });
  expect(step.code, step.log).toBe(1);
  const said = step.errors.map(({ message }) => message).join('\n');
  expect(said).not.toMatch(/was not ready within/);
  return said;
}

describe.skipIf(noPods)(`a failure is named before the time is over${noPods ? `: not here, ${noPods}` : ''}`, () => {
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'an image that is not there',
      files(small, `${registry}/bed/fixture@sha256:${'0'.repeat(64)}`),
      /the image \S+\/bed\/fixture@sha256:0+ does not exist in its registry/,
    ],
    [
      'an image that may not be pulled',
      files(small, fixture.replace('localhost', '127.0.0.1')),
      /not allowed to pull the image 127\.0\.0\.1:/,
    ],
    [
      'a crash at the start',
      files(`${small}env_vars: {EXIT_CODE: "1"}\n`),
      /ends with exit code 1 each time it is started/,
    ],
    [
      'too little memory',
      files('resource_request: {cpu: 100, memory: 24}\nenv_vars: {HOG: "200"}\n'),
      /more memory than its limit of 48Mi and is killed for it/,
    ],
    [
      'a readiness probe that is answered by an error',
      files(`${small}${ready}env_vars: {HEALTHY_AFTER: "9000000"}\n`),
      /the readiness probe gets status 500 from \/ready on port 8080/,
    ],
    [
      'a path that the service does not know',
      files(
        `${small}port: {http: 8080}\nhealthcheck_path: /healthz\nenv_vars: {HEALTHY_AFTER: "9000000", STATUS: "404"}\n`,
      ),
      /the startup probe gets status 404 from \/healthz on port 8080/,
    ],
  ])('%s', async (_, of, cause) => {
    expect(await failing(of)).toMatch(cause);
  });

  test('a quota that leaves no room', async () => {
    const namespace = freshNamespace();
    kubectl(['create', 'namespace', namespace]);
    const hard = { 'requests.memory': '32Mi' };
    apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small', namespace }, spec: { hard } });
    // A quota that nobody has counted yet refuses in other words, which pass.
    while (!kubectl(['-n', namespace, 'get', 'quota', 'small', '-o', 'jsonpath={.status.used}'])) await sleep(100);
    expect(await failing(files(small), namespace)).toMatch(
      /the quota small of the namespace allows no more pods like these/,
    );
  });

  test.skipIf(noBuilds)('a program that is not in the image', async () => {
    const dockerfile = 'FROM scratch\nCOPY service.yaml /\nENTRYPOINT ["/no/such/program"]\n';
    const said = await failing({ ...files(small, 'AUTO'), Dockerfile: dockerfile });
    expect(said).toMatch(/the image has no file \/no\/such\/program, which is to be started/);
  });
});

describe.skipIf(noPods)(`what heals ends well${noPods ? `: not here, ${noPods}` : ''}`, () => {
  test('an image that is pushed five seconds late', async () => {
    const name = `late-${Date.now()}`;
    const pushing = sleep(5_000).then(async () => pushImage(name, await goBinary(program)));
    const step = await runStep({
      files: files(small, `${registry}/bed/${name}:1`),
      inputs: { namespace: freshNamespace(), timeout: '60' },
    });
    await pushing;
    expect(step.code, step.log).toBe(0);
  });

  test('a service that ends until what it needs is there, eight seconds late', async () => {
    const there = Math.ceil(Date.now() / 1_000) + 8;
    const step = await runStep({
      files: files(`${small}${ready}env_vars: {NEEDS_TIME: "${there}"}\n`),
      inputs: { namespace: freshNamespace(), timeout: '60' },
    });
    expect(step.code, step.log).toBe(0);
  });
});
