/** Whether what runs inside the cluster is ready: nodes and add-ons. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Facts } from './facts.ts';
import { fakeNodes, realNode } from './layout.ts';
import { PartError } from './part.ts';
import { askApiServer, getObject } from './probe.ts';
import { lastLines } from './process.ts';
import { duration, type Log } from './progress.ts';

interface WithConditions {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Member {
  /** As `status` shows it. */
  readonly name: string;
  readonly path: string;
  readonly condition: string;
  /** Where the reason is when it is not ready: the log of a part, or of a pod by its label k8s-app. */
  readonly log: { readonly part: string } | { readonly pod: string };
}

const deployment = (name: string): Member => ({
  name,
  path: `/apis/apps/v1/namespaces/kube-system/deployments/${name}`,
  condition: 'Available',
  log: { pod: name },
});

/** What should be in the cluster, and the condition that says it is ready. */
export function members({ capabilities, addons }: Facts): Member[] {
  const node = (name: string, log: string): Member => ({
    name: `node ${name}`,
    path: `/api/v1/nodes/${name}`,
    condition: 'Ready',
    log: { part: log },
  });
  const list = fakeNodes.map((name) => node(name, 'kwok'));
  if (capabilities.pods !== true) return list;
  list.push(node(realNode, 'kubelet'), deployment('coredns'));
  if (addons.includes('metrics')) {
    list.push(deployment('metrics-server'));
    list.push({
      ...deployment('metrics-server'),
      name: 'metrics API',
      path: '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io',
    });
  }
  return list;
}

export async function isMemberReady({ path, condition }: Member): Promise<boolean> {
  const object = await getObject<WithConditions>(path);
  return object?.status?.conditions?.some(({ type, status }) => type === condition && status === 'True') ?? false;
}

export async function isClusterReady(facts: Facts): Promise<boolean> {
  const all = await Promise.all(members(facts).map((member) => isMemberReady(member).catch(() => false)));
  return all.every(Boolean);
}

export async function waitForCluster(facts: Facts, log: Log): Promise<void> {
  await Promise.all(members(facts).map((member) => waitForMember(member, log)));
}

async function waitForMember(member: Member, log: Log): Promise<void> {
  const start = Date.now();
  for (let said = 0; !(await isMemberReady(member).catch(() => false)); ) {
    const waited = Date.now() - start;
    if (waited > 120_000) {
      const lines = await lastLog(member).catch((error: Error) => error.message);
      throw new PartError(
        `${member.name} is not ${member.condition} after ${duration(waited)}. The end of the log:\n${lines}`,
      );
    }
    if (waited - said > 15_000) {
      said = waited;
      log(`Waiting for ${member.name} … ${duration(waited)} so far`);
    }
    await sleep(100);
  }
}

async function lastLog({ log }: Member): Promise<string> {
  if ('part' in log) return lastLines(log.part);
  const pods = '/api/v1/namespaces/kube-system/pods';
  const list = await getObject<{ items: { metadata: { name: string } }[] }>(
    `${pods}?labelSelector=k8s-app%3D${log.pod}`,
  );
  const name = list?.items.at(-1)?.metadata.name;
  if (name === undefined) return `(it has no pod)\n${lastLines('kubelet')}`;
  const current = await askApiServer(`${pods}/${name}/log?tailLines=15`);
  return current.status === 200 && current.body !== '' ? current.body : lastLines('kubelet');
}
