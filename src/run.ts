import path from 'node:path';
import type { Api } from './cluster/api.ts';
import { prune } from './cluster/prune.ts';
import { watchRollout } from './cluster/rollout.ts';
import { connect } from './connection.ts';
import { deploy } from './deploy.ts';
import type { Log } from './github/log.ts';
import { maskSecret } from './github/mask.ts';
import { setOutputs } from './github/outputs.ts';
import { writeSummary } from './github/summary.ts';
import type { Inputs } from './inputs.ts';
import { look } from './lookup.ts';
import { type PublishOptions, publishImage } from './publish.ts';
import { explainOutcome, type Report } from './report.ts';
import { publicUrls } from './resources/ingress.ts';
import { objectName } from './resources/manifest.ts';
import { renderManifests } from './resources/manifests.ts';
import { secretsVersion } from './resources/secret.ts';
import type { Service } from './spec/service.ts';
import { readService } from './specfile.ts';

/** How far a run has come, for a person who cancels it. */
export interface Progress {
  state: string;
}

/** The namespace of a run that names none: the one of the kubeconfig's context. */
async function namespaceOf(inputs: Inputs, connecting: Promise<Api>): Promise<string> {
  const named = inputs.cluster === undefined ? (await connecting).connection.namespace : undefined;
  return named ?? 'default';
}

function imageOptions(
  inputs: Inputs,
  service: Service,
  namespace: string,
  log: Log,
  signal: AbortSignal,
): PublishOptions {
  const { workspace, buildContext, dockerfile, revision, created, source, region, env } = inputs;
  return {
    service,
    namespace,
    inputs: {
      ...inputs,
      context: path.resolve(workspace, buildContext),
      ...(dockerfile !== undefined && { dockerfile: path.resolve(workspace, dockerfile) }),
    },
    ...(revision !== undefined && { revision }),
    ...(created !== undefined && { created }),
    ...(source !== undefined && { source }),
    ...(region !== undefined && { region }),
    env,
    log,
    mask: maskSecret,
    signal,
    now: () => new Date(),
  };
}

/** One deploy, from the spec in the workspace to a service that runs. */
export async function run(inputs: Inputs, log: Log, signal: AbortSignal, progress: Progress): Promise<void> {
  // 1. What is asked for. Nothing outside is touched before the spec is known to be right.
  const located = await readService(inputs);
  const { service } = located;

  // 2. The cluster, and what it holds of the service's secrets: a run that cannot end well ends before the build.
  const abandon = new AbortController();
  const ended = AbortSignal.any([signal, abandon.signal]);
  const connecting = connect(inputs, ended);
  try {
    const namespace = inputs.namespace ?? (await namespaceOf(inputs, connecting));
    const first = look(located, inputs, namespace, connecting);

    // 3. The image, built while the cluster is asked.
    const image = publishImage(imageOptions(inputs, service, namespace, log, ended));
    const [api, found, published] = await Promise.all([connecting, first.secrets, image]);
    // A build takes minutes, in which others may have changed what is there.
    const { owned, secrets } = published.built ? look(located, inputs, namespace, connecting) : first;
    const { live, plan } = published.built ? await secrets : found;

    // 4. The objects: rendered, tried out, applied.
    const { deployment, changes, handover, leftovers } = await deploy({
      api,
      namespace,
      live: owned,
      render: (applied) =>
        renderManifests(service, {
          namespace,
          image: published.image,
          secrets: plan,
          secretsVersion: secretsVersion(
            plan,
            applied ? { ...live, own: { ...plan, resourceVersion: applied.metadata.resourceVersion } } : live,
          ),
          timeout: inputs.timeout,
        }),
      forceConflicts: inputs.forceConflicts,
      prune: inputs.prune,
      log,
      onChange: () => {
        progress.state = 'Some objects may be applied and others not; the next run applies them all.';
      },
    });
    for (const { manifest, action } of changes) log.info(`${objectName(manifest)} ${action}`);

    // 5. The rollout.
    progress.state = 'Everything is applied; the cluster carries the rollout on by itself.';
    const [outcome] = await Promise.all([
      watchRollout(api, namespace, deployment, inputs.timeout, log, signal),
      handover,
    ]);

    // 6. What the service no longer needs goes once the new version serves.
    const removed = outcome.state === 'complete' && inputs.prune ? leftovers : [];
    await prune(api, removed);
    for (const object of removed) log.info(`${objectName(object)} removed`);

    // 7. What there is to tell.
    const report: Report = {
      service: service.name,
      namespace,
      image: published.image,
      ...(published.dockerRepoUrl !== undefined && { dockerRepoUrl: published.dockerRepoUrl }),
      built: published.built,
      changes,
      removed: removed.map(objectName),
      outcome,
      urls: publicUrls(service),
    };
    setOutputs(report);
    await writeSummary(report, inputs.env);
    if (outcome.state !== 'complete') throw explainOutcome(outcome, service.name, inputs.timeout);
  } finally {
    abandon.abort();
    await connecting.then((api) => api.close()).catch(() => undefined);
  }
}
