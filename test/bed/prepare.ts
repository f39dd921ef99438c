/** Finds out what this machine can do, and builds or installs what the bed is made of. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { goBinary, goTool } from './build.ts';
import { kubeconfig, makeCertificates } from './certificates.ts';
import { podProcesses } from './cleanup.ts';
import { hasProgram, type MachineProgram, needPrograms } from './debian.ts';
import { dockerConfig, dockerHost, machineDockerAnswers, makeDockerConfig } from './docker.ts';
import { type Addon, type Capability, type Facts, writeFacts } from './facts.ts';
import { aws, bridge, loopback, registry, sources, state } from './layout.ts';
import { machineBefore, makeBridge } from './network.ts';
import type { Log } from './progress.ts';
import { pythonProgram } from './python.ts';

/** The programs of the bed, by path. */
export interface Programs {
  readonly servers: string;
  readonly kubectl: string;
  readonly kwok: string;
  readonly moto: string;
  readonly pause: string;
  readonly coredns?: string;
  readonly buildx?: string;
  readonly metricsServer?: string;
}

const nodePrograms: MachineProgram[] = ['containerd', 'ctr', 'runc', 'iptables', 'conntrack', 'ip', 'mount'];

/** Why there can be no real node here, or true. */
async function podsHere(packagesMissing: string | undefined): Promise<Capability> {
  if (process.platform !== 'linux') return `real pods need Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0)
    return 'real pods need root: containerd and kubelet make mounts, networks and control groups';
  if (packagesMissing) return packagesMissing;
  if (podProcesses().length > 0)
    return 'another kubelet runs pods on this machine (control group kubepods), and two would take each other for dead pods';
  return true;
}

/** Makes ready all that can be before anything is started. Returns what to build on; nothing runs yet. */
export async function prepare(
  found: Facts | undefined,
  addons: readonly Addon[],
  log: Log,
): Promise<{ facts: Facts; programs: Programs }> {
  const ownDocker = found?.ownDocker ?? !(await machineDockerAnswers());
  const root = process.getuid?.() === 0;
  const [packages, programs] = await Promise.all([
    machinePackages(root, ownDocker, log),
    buildPrograms(root, addons, log),
  ]);
  const builds: Capability = !ownDocker
    ? true
    : root
      ? (packages ?? true)
      : 'no docker answers here, and a dockerd of the bed needs root. Start one, or put this user into its group';
  await mkdir(state, { recursive: true, mode: 0o700 });
  let pods = found?.capabilities.pods ?? (await podsHere(packages));
  const before = found?.before ?? (pods === true ? await machineBefore() : undefined);
  const facts = (): Facts => {
    const address = pods === true ? bridge.gateway : loopback;
    return {
      capabilities: { pods, builds },
      address,
      ownDocker: ownDocker && builds === true,
      addons,
      env: environment(ownDocker && builds === true, programs.kubectl),
      tools: programs,
      ...(before ? { before } : {}),
    };
  };
  // Before the machine is changed: `down` takes back what is written here.
  writeFacts(facts());
  if (pods === true) {
    await makeBridge().catch((error: Error) => {
      pods = `this machine lets nobody make a network bridge: ${error.message}`;
    });
    writeFacts(facts());
  }
  await makeCertificates(facts().address);
  if (programs.buildx) await makeDockerConfig(programs.buildx);
  return { facts: facts(), programs };
}

async function machinePackages(root: boolean, ownDocker: boolean, log: Log): Promise<string | undefined> {
  const basics = await needPrograms(['openssl'], false, log);
  if (basics) throw new Error(`The bed cannot make certificates without openssl: ${basics}`);
  if (!root) return undefined;
  return needPrograms([...nodePrograms, ...(ownDocker ? (['dockerd', 'docker'] as const) : [])], true, log);
}

/** One after the other: each build uses all cores. */
async function buildPrograms(root: boolean, addons: readonly Addon[], log: Log): Promise<Programs> {
  const moto = pythonProgram('moto', log);
  moto.catch(() => {}); // Awaited below; a build that fails first is the one to report.
  const servers = await goTool('servers', log);
  const kubectl = await goTool('kubectl', log);
  const kwok = await goTool('kwok', log);
  const pause = await goBinary(path.join(sources, 'go', 'pause'), log);
  const coredns = root ? await goTool('coredns', log) : undefined;
  const buildx = root || hasProgram('docker') ? await goTool('buildx', log) : undefined;
  const metricsServer = root && addons.includes('metrics') ? await goTool('metrics-server', log) : undefined;
  return {
    servers,
    kubectl,
    kwok,
    pause,
    moto: await moto,
    ...(coredns ? { coredns } : {}),
    ...(buildx ? { buildx } : {}),
    ...(metricsServer ? { metricsServer } : {}),
  };
}

function environment(ownDocker: boolean, kubectl: string): Record<string, string> {
  return {
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    ...(ownDocker ? { DOCKER_HOST: dockerHost } : {}),
    DOCKER_CONFIG: dockerConfig,
    BED_REGISTRY: registry,
    BED_CLUSTER: aws.cluster,
    BED_KUBECTL: kubectl,
  };
}
