import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Api } from '../../src/cluster/api.ts';
import type { LiveObject } from '../../src/cluster/change.ts';
import { NamespaceWatch } from '../../src/cluster/observe.ts';
import { watchRollout } from '../../src/cluster/rollout.ts';
import type { Watched } from '../../src/cluster/watch.ts';
import type { Deployment, Snapshot } from '../../src/rollout/snapshot.ts';
import { apiOf, FakeCluster } from './fake-cluster.ts';

const deployments = '/apis/apps/v1/namespaces/prod/deployments';
const replicaSets = '/apis/apps/v1/namespaces/prod/replicasets';
const pods = '/api/v1/namespaces/prod/pods';
const events = '/api/v1/namespaces/prod/events';
const revision = { 'deployment.kubernetes.io/revision': '1' };

let cluster: FakeCluster;
let port: number;
let api: Api;
let version = 100;

beforeEach(async () => {
  cluster = new FakeCluster();
  port = await cluster.start();
  api = apiOf(port);
});

afterEach(async () => {
  api.close();
  await cluster.stop();
});

function object(name: string, uid: string, more: object = {}, meta: object = {}): Watched {
  const labels = { 'app.kubernetes.io/instance': 'web', 'app.kubernetes.io/name': 'web' };
  return { metadata: { name, uid, resourceVersion: String(++version), labels, ...meta }, ...more };
}

const deployment = (generation = 1, status: object = {}) =>
  object(
    'web',
    'd',
    { spec: { replicas: 1, template: { spec: { containers: [{ name: 'web' }] } } }, status },
    { generation, annotations: revision },
  ) as Watched & Deployment;
const replicaSet = () => object('web-1', 'r', {}, { annotations: revision, ownerReferences: [{ uid: 'd' }] });
const pod = (name: string, status: object = {}) =>
  object(
    name,
    name,
    { status, spec: { containers: [{ name: 'web', image: 'example.com/web:1' }] } },
    { ownerReferences: [{ uid: 'r' }] },
  );

/** Snapshots, until one is as wanted. */
async function until(snapshots: AsyncGenerator<Snapshot>, wanted: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  for (;;) {
    const { value, done } = await snapshots.next();
    if (done) throw new Error('no more snapshots');
    if (wanted(value)) return value;
  }
}

function watching(names = ['web']) {
  const ended = new AbortController();
  const watch = new NamespaceWatch(api, 'prod', names, ended.signal);
  const snapshots = watch.snapshots(deployment(), ended.signal);
  const end = (): Promise<void> => {
    ended.abort();
    return watch.close();
  };
  return { watch, snapshots, end };
}

const names = ({ pods }: Snapshot) => pods.map(({ metadata }) => metadata.name).join();

test('however many services, each kind is watched once, and each service sees its own', async () => {
  const labels = { 'app.kubernetes.io/instance': 'api', 'app.kubernetes.io/name': 'api' };
  cluster.initial.set(pods, [pod('web-a'), object('api-a', 'api-a', {}, { labels })]);
  const { watch, snapshots, end } = watching(['web', 'api']);
  const other = watch.snapshots(
    { ...deployment(), metadata: { ...deployment().metadata, name: 'api', uid: 'e' } },
    new AbortController().signal,
  );
  expect(names(await until(snapshots, (one) => one.pods.length > 0))).toBe('web-a');
  expect(names(await until(other, (one) => one.pods.length > 0))).toBe('api-a');
  await Promise.all([deployments, replicaSets, events].map((path) => cluster.watch(path)));
  expect(cluster.watches.map(({ path }) => path).sort()).toEqual([pods, events, deployments, replicaSets].sort());
  expect((await cluster.watch(pods)).query.get('labelSelector')).toBe(
    'app.kubernetes.io/instance in (web,api),app.kubernetes.io/name in (web,api)',
  );
  await end();
});

test('an ended watch goes on where it was, and one whose version is gone starts afresh without losing sight', async () => {
  cluster.initial.set(pods, [pod('a'), pod('b')]);
  const last = version;
  const { snapshots, end } = watching();
  await until(snapshots, (one) => names(one) === 'a,b');
  (await cluster.watch(pods)).response.end();
  const second = await cluster.watch(pods, 2);
  expect(second.query.get('resourceVersion')).toBe(String(last));

  cluster.initial.set(pods, [pod('b'), pod('c')]);
  cluster.send(second, 'ERROR', { kind: 'Status', code: 410, message: 'too old resource version' });
  const third = await cluster.watch(pods, 3);
  expect(third.query.has('resourceVersion')).toBe(false);
  const seen: string[] = [];
  await until(snapshots, (one) => {
    seen.push(names(one));
    return seen.at(-1) === 'b,c';
  });
  // Nobody who is still there was gone in between.
  for (const one of seen) expect(one).toContain('b');
  await end();
});

test('a restart of the API server is lived through', async () => {
  cluster.initial.set(pods, [pod('a')]);
  const { snapshots, end } = watching();
  await until(snapshots, (one) => names(one) === 'a');
  await cluster.stop();
  cluster = new FakeCluster();
  let refusals = 0;
  // One that has just started does not know its roles yet.
  cluster.answers.set(pods, () => {
    if (++refusals === 2) cluster.answers.delete(pods);
    return { code: 403, text: JSON.stringify({ kind: 'Status', code: 403, message: 'RBAC: not synced' }) };
  });
  await cluster.start(port);
  cluster.send(await cluster.watch(pods), 'MODIFIED', pod('a', { phase: 'Running' }));
  expect((await until(snapshots, (one) => one.pods[0]?.status?.phase === 'Running')).pods).toHaveLength(1);
  expect(refusals).toBe(2);
  await end();
});

test('a refusal from the start ends the observation; that of Events does not', async () => {
  const refuse = () => ({ code: 403, text: JSON.stringify({ kind: 'Status', code: 403, message: 'no' }) });
  cluster.answers.set(events, refuse);
  cluster.initial.set(pods, [pod('a')]);
  const first = watching();
  expect((await until(first.snapshots, () => first.watch.eventsRefused !== undefined)).events).toEqual([]);
  await first.end();
  cluster.answers.set(pods, refuse);
  const second = watching();
  await expect(until(second.snapshots, () => false)).rejects.toMatchObject({ code: 403 });
  await second.end();
});

test('a Deployment from before the apply is not shown, and Events of others neither', async () => {
  cluster.initial.set(deployments, [deployment(1, { observedGeneration: 1 })]);
  cluster.initial.set(pods, [pod('a')]);
  cluster.initial.set(events, [
    object('later', 'e1', { involvedObject: { kind: 'Pod', uid: 'a' }, lastTimestamp: '2026-11-22T10:00:09Z' }),
    object('earlier', 'e2', { involvedObject: { kind: 'Pod', uid: 'a' }, lastTimestamp: '2026-11-22T10:00:01Z' }),
    object('other', 'e3', { involvedObject: { kind: 'Pod', uid: 'z' } }),
  ]);
  const ended = new AbortController();
  const watch = new NamespaceWatch(api, 'prod', ['web'], ended.signal);
  const snapshots = watch.snapshots(deployment(2), ended.signal);
  const one = await until(snapshots, ({ events }) => events.length > 1);
  expect(one.events.map(({ metadata }) => metadata.name)).toEqual(['earlier', 'later']);
  expect(one.deployment.metadata.generation).toBe(2);
  cluster.send(await cluster.watch(deployments), 'MODIFIED', deployment(2, { observedGeneration: 2 }));
  await until(snapshots, ({ deployment }) => deployment.status?.observedGeneration === 2);
  ended.abort();
  await watch.close();
});

const lines: string[] = [];
const log = {
  info: (line: string) => void lines.push(line),
  warning: (line: string) => void lines.push(line),
  debug: () => undefined,
  group: <T>(_: string, body: () => Promise<T>) => body(),
};

test('a failure comes with its evidence, without secret values', async () => {
  const secret = 'hunter22hunter22';
  const terminated = { exitCode: 1, reason: 'Error', message: `bad password ${secret}` };
  const waiting = { reason: 'RunContainerError', message: `exec: "/${secret}": stat: no such file or directory` };
  const status = {
    containerStatuses: [{ name: 'web', ready: false, restartCount: 2, state: { waiting }, lastState: { terminated } }],
  };
  cluster.initial.set(deployments, [deployment(1, { observedGeneration: 1, replicas: 1 })]);
  cluster.initial.set(replicaSets, [replicaSet()]);
  cluster.initial.set(pods, [pod('a', status)]);
  cluster.answers.set(`${pods}/a/log`, (query) =>
    query.get('previous') === 'true'
      ? { code: 200, text: `starting\n\u001b[31mfatal:\u001b[0m ${secret} refused\n` }
      : { code: 200, text: 'of the wrong container' },
  );
  const applied = deployment() as unknown as LiveObject;
  const outcome = await watchRollout(api, 'prod', applied, 30, log, new AbortController().signal, [secret]);
  expect(outcome).toMatchObject({
    state: 'failed',
    timedOut: false,
    cause: 'the image has no file /***, which is to be started',
    finding: { cause: { id: 'command-not-found' }, fields: [['image']], pod: 'a', container: 'web' },
    evidence: { pod: 'a', log: ['starting', 'fatal: *** refused'], previous: true },
  });
  expect(JSON.stringify([outcome, lines])).not.toContain(secret);
});

test('what was waited for is told when the time is over', async () => {
  const status = {
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes: 3 Insufficient cpu.' },
    ],
  };
  cluster.initial.set(deployments, [deployment(1, { observedGeneration: 1, replicas: 1 })]);
  cluster.initial.set(replicaSets, [replicaSet()]);
  cluster.initial.set(pods, [pod('a', status)]);
  const applied = deployment() as unknown as LiveObject;
  const outcome = await watchRollout(api, 'prod', applied, 1, log, new AbortController().signal);
  expect(outcome).toMatchObject({
    state: 'progressing',
    timedOut: true,
    warnings: [{ cause: { id: 'unschedulable' } }],
    evidence: { pod: 'a', state: '0/3 nodes: 3 Insufficient cpu.' },
  });
});
