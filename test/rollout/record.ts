/**
 * Records how real rollouts go, for the tests of the verdicts: what the watches of a namespace send while a scenario
 * plays on the bed (`npm run bed -- up` first).
 *
 *     node test/rollout/record.ts            every scenario
 *     node test/rollout/record.ts NAME …     these, side by side
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../../src/cluster/api.ts';
import { connectByKubeconfig } from '../../src/cluster/connect.ts';
import { readContainerLog } from '../../src/cluster/containerlog.ts';
import { current, goBinary } from '../bed/bed.ts';
import { command } from '../bed/command.ts';
import { pushImage } from '../bed/images.ts';
import { folder, trim } from './recording.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario, Stage } from './scenarios/scenario.ts';
import { objectsOf } from './workload.ts';

const bed = current();
if (!bed) throw new Error('No bed is up: npm run bed -- up');
const { env, tools } = bed;
Object.assign(process.env, env);

interface Watched {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: { readonly containerStatuses?: readonly { readonly state: { readonly terminated?: object } }[] };
}

const watched = {
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  ReplicaSet: '/apis/apps/v1/namespaces/NS/replicasets',
  Pod: '/api/v1/namespaces/NS/pods',
  Event: '/api/v1/namespaces/NS/events',
};

const kubectl = (...args: readonly string[]): Promise<string> =>
  command(tools.kubectl, [...args], { env: { ...process.env, ...env } });

async function record(name: string, scenario: Scenario): Promise<void> {
  const namespace = `record-${randomBytes(4).toString('hex')}`;
  const ended = new AbortController();
  const api = new Api(await connectByKubeconfig({}), ended.signal);
  // An Api has few connections, and a watch keeps one.
  const watcher = new Api(await connectByKubeconfig({}), ended.signal);
  const lines: string[] = [];
  let applied: number | undefined;
  const apply = async (manifest: { apiVersion: string; kind: string; metadata: { name: string } }) => {
    const plural = `${manifest.kind.toLowerCase()}s`;
    const base = manifest.apiVersion === 'v1' ? '/api/v1' : `/apis/${manifest.apiVersion}`;
    const where = `${base}/namespaces/${namespace}/${plural}/${manifest.metadata.name}`;
    const query = { fieldManager: 'recorder', force: 'true' };
    await api.request('PATCH', where, { contentType: 'application/apply-patch+yaml', body: manifest, query });
  };
  const stage: Stage = {
    namespace,
    api,
    kubectl,
    apply,
    deploy: async (spec, change) => {
      const manifests = objectsOf(namespace, spec, change);
      for (const manifest of manifests) await apply(manifest);
    },
  };
  const kept = new Set<string>();
  const keepLog = async ({ metadata: { name, uid }, status }: Watched): Promise<void> => {
    if (kept.has(uid) || !status.containerStatuses?.some(({ state }) => state.terminated)) return;
    kept.add(uid);
    const end = await readContainerLog(api, { namespace, pod: name, container: 'web' }, ended.signal);
    if (!end) return;
    const at = Math.round(performance.now() - (applied ?? performance.now()));
    const object = { kind: 'Log', metadata: { name, uid: `${uid}-log` }, text: end.text };
    lines.push(JSON.stringify({ at, type: 'ADDED', object }));
  };
  const follow = async (kind: string, where: string): Promise<void> => {
    const response = await watcher.open('GET', where.replace('NS', namespace), { query: { watch: 'true' } }, 600_000);
    let rest = '';
    for await (const chunk of response) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts.filter(Boolean)) {
        const { type, object } = JSON.parse(part);
        const at = applied === undefined ? 0 : Math.round(performance.now() - applied);
        lines.push(JSON.stringify({ at, type, object: trim(kind, object) }));
        if (kind === 'Pod' && type !== 'DELETED') await keepLog(object);
      }
    }
  };
  await api.request('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  });
  try {
    await scenario.before?.(stage);
    const watching = Object.entries(watched).map(([kind, where]) => follow(kind, where).catch(() => undefined));
    if (scenario.before) await sleep(1_000);
    applied = performance.now();
    await stage.deploy(scenario.spec(stage), scenario.change);
    for (const [seconds, act] of scenario.meanwhile ?? []) {
      await sleep(Math.max(0, applied + seconds * 1_000 - performance.now()));
      await act(stage);
    }
    await sleep(Math.max(0, applied + scenario.seconds * 1_000 - performance.now()));
    watcher.close();
    await Promise.all(watching);
  } finally {
    watcher.close();
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await scenario.after?.(stage);
    api.close();
  }
  const version = JSON.parse(await kubectl('version', '-o', 'json')).serverVersion.gitVersion;
  const header = { name, how: scenario.how, kubernetes: version, deployment: 'web' };
  writeFileSync(path.join(folder, `${name}.jsonl`), `${[JSON.stringify(header), ...lines].join('\n')}\n`);
  console.log(`${name}: ${lines.length} events, ${Math.round(lines.join('\n').length / 1024)} KB`);
}

await pushImage('fixture', await goBinary(path.join(import.meta.dirname, 'fixture')));
const names = process.argv.slice(2);
const wanted = names.length > 0 ? names : Object.keys(scenarios);
let next = 0;
const worker = async (): Promise<void> => {
  for (let name = wanted[next++]; name !== undefined; name = wanted[next++]) {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`no scenario ${name}`);
    await record(name, scenario).catch((error) => console.error(`${name}:`, error));
  }
};
await Promise.all(Array.from({ length: 6 }, worker));
