/** Whether what runs inside the cluster is ready: nodes and add-ons. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Facts } from './facts.ts';
import { fakeNodes, realNode } from './layout.ts';
import { PartError } from './part.ts';
import { getObject } from './probe.ts';
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
  /** The part whose log tells why it is not ready. */
  readonly log: string;
}

const deployment = (name: string): Member => ({
  name,
  path: `/apis/apps/v1/namespaces/kube-system/deployments/${name}`,
  condition: 'Available',
  log: 'kubelet',
});

/** What should be in the cluster, and the condition that says it is ready. */
export function members({ capabilities, addons }: Facts): Member[] {
  const node = (name: string, log: string): Member => ({
    name: `node ${name}`,
    path: `/api/v1/nodes/${name}`,
    condition: 'Ready',
    log,
  });
  const list = fakeNodes.map((name) => node(name, 'kwok'));
  if (capabilities.pods !== true) return list;
  list.push(node(realNode, 'kubelet'), deployment('coredns'));
  if (addons.includes('metrics')) {
    list.push(deployment('metrics-server'));
    list.push({
      ...deployment('metrics API'),
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
      throw new PartError(
        `${member.name} is not ${member.condition} after ${duration(waited)}. The last lines of the log of ${member.log}:\n${lastLines(member.log)}`,
      );
    }
    if (waited - said > 15_000) {
      said = waited;
      log(`Waiting for ${member.name} … ${duration(waited)} so far`);
    }
    await sleep(100);
  }
}
