/** Starts the parts, each as soon as what it needs is ready. */
import { setTimeout as sleep } from 'node:timers/promises';
import { coredns, fakeNodeObjects, type KubernetesObject, metricsServer, tokenHolders } from './addons.ts';
import { kubeconfig } from './certificates.ts';
import { cloud, createEksCluster } from './cloud.ts';
import { command } from './command.ts';
import { controlPlane } from './control-plane.ts';
import { dockerd } from './docker.ts';
import type { Facts } from './facts.ts';
import { kwokPart } from './fake-nodes.ts';
import { imageOf, pushImage } from './images.ts';
import { ports } from './layout.ts';
import { node } from './node.ts';
import { ensurePart, type Part } from './part.ts';
import type { Programs } from './prepare.ts';
import type { Log } from './progress.ts';
import { waitForCluster } from './readiness.ts';
import { registryPart } from './registry.ts';

function partsOf({ tools, address }: Pick<Facts, 'tools' | 'address'>) {
  return {
    ...controlPlane(tools.servers, address),
    ...cloud(tools.moto, `https://${address}:${ports.apiServer}`),
    ...node(tools.servers),
    registry: registryPart(tools.servers),
    kwok: kwokPart(tools.kwok),
    dockerd,
  };
}

/** The processes that this bed consists of, in the order in which people think of them. */
export function parts(facts: Facts): Part[] {
  const all = partsOf(facts);
  return [
    ...[all.etcd, all.apiServer, all.controllerManager, all.scheduler],
    ...(facts.capabilities.pods === true ? [all.containerd, all.kubelet, all.kubeProxy] : []),
    ...[all.kwok, all.registry],
    ...(facts.ownDocker ? [dockerd] : []),
    ...[all.moto, all.awsProxy, all.tokenWebhook],
  ];
}

/** Starts what does not run yet and returns when everything is ready. */
export async function start(facts: Facts, programs: Programs, log: Log): Promise<void> {
  const all = partsOf(facts);
  const pods = facts.capabilities.pods === true;
  const ensure = (part: Part): Promise<void> => ensurePart(part, log);
  const after = async (needs: readonly Promise<unknown>[], work: () => Promise<unknown>): Promise<void> => {
    await Promise.all(needs);
    await work();
  };

  const registry = ensure(all.registry);
  const containerd = pods ? ensure(all.containerd) : undefined;
  const apiServer = after([ensure(all.etcd)], () => ensure(all.apiServer));
  const aws = after([ensure(all.moto)], () => ensure(all.awsProxy)).then(createEksCluster);
  // Before any pod can ask for them: a pull that fails is tried again only after a while.
  const images = after([registry], () => (pods ? pushImages(programs) : Promise.resolve()));
  await Promise.all([
    aws,
    images,
    ensure(all.tokenWebhook),
    facts.ownDocker ? ensure(dockerd) : undefined,
    after([apiServer], () => Promise.all([ensure(all.controllerManager), ensure(all.scheduler), ensure(all.kwok)])),
    after([apiServer], () => apply(facts.tools.kubectl, objects(facts))),
    pods ? after([apiServer], () => ensure(all.kubeProxy)) : undefined,
    pods ? after([apiServer, images, containerd as Promise<void>], () => ensure(all.kubelet)) : undefined,
  ]);
  await waitForCluster(facts, log);
}

const addonPrograms = (programs: Programs): [string, string | undefined][] => [
  ['pause', programs.pause],
  ['coredns', programs.coredns],
  ['metrics-server', programs.metricsServer],
];

async function pushImages(programs: Programs): Promise<void> {
  for (const [name, program] of addonPrograms(programs)) {
    if (program) await pushImage(name, program);
  }
}

function objects({ capabilities, addons }: Facts): KubernetesObject[] {
  const list = [tokenHolders, ...fakeNodeObjects];
  if (capabilities.pods !== true) return list;
  list.push(...coredns(imageOf('coredns')));
  if (addons.includes('metrics')) list.push(...metricsServer(imageOf('metrics-server')));
  return list;
}

/** An API server that has just become ready may still lack the namespace that the objects go to. */
async function apply(kubectl: string, items: readonly KubernetesObject[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const args = ['--kubeconfig', kubeconfig, 'apply', '--server-side', '--force-conflicts', '--filename', '-'];
  for (let attempt = 1; ; attempt++) {
    try {
      await command(kubectl, args, { input });
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(250);
    }
  }
}
