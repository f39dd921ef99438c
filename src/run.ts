import path from 'node:path';
import type { Api } from './cluster/api.ts';
import { listOwned } from './cluster/apply.ts';
import { prune } from './cluster/prune.ts';
import { type Outcome, watchRollout } from './cluster/rollout.ts';
import { findSecrets } from './cluster/secrets.ts';
import { connect } from './connection.ts';
import { deploy } from './deploy.ts';
import { RolloutError, UserError } from './errors.ts';
import type { Log } from './github/log.ts';
import { maskSecret } from './github/mask.ts';
import { setOutputs } from './github/outputs.ts';
import { writeSummary } from './github/summary.ts';
import type { Inputs } from './inputs.ts';
import { type PublishOptions, publishImage } from './publish.ts';
import type { Report } from './report.ts';
import { publicUrls } from './resources/ingress.ts';
import { objectName } from './resources/manifest.ts';
import { renderManifests } from './resources/manifests.ts';
import { type SecretPlan, secretsVersion } from './resources/secret.ts';
import { formatDiagnostic } from './spec/diagnostic.ts';
import { parseSpec } from './spec/parse.ts';
import type { LocatedService, Service } from './spec/service.ts';
import { readSpecFile } from './specfile.ts';

/** How far a run has come, for a person who cancels it. */
export interface Progress {
  state: string;
}

async function readService(inputs: Inputs): Promise<LocatedService> {
  const { file, text } = await readSpecFile(inputs.workspace, inputs.spec);
  const { parent, variables, env } = inputs;
  const parsed = parseSpec(text, { file, parent, variables, env });
  if ('diagnostics' in parsed) {
    const { diagnostics } = parsed;
    const problems = diagnostics.length === 1 ? 'a problem' : `${diagnostics.length} problems`;
    const lines = [`${file} has ${problems}; nothing was changed.`, ...diagnostics.map(formatDiagnostic)];
    throw new UserError(lines.join('\n'), { diagnostics });
  }
  return parsed.services[0] as LocatedService;
}

function checkSecrets({ service, file, locate }: LocatedService, { missing }: SecretPlan, namespace: string): void {
  if (missing.length === 0) return;
  const diagnostics = missing.map((name) => ({
    file,
    ...locate(['secrets', service.secrets.indexOf(name)]),
    message: `the secret ${name} has no value: it is neither in the input secrets, nor in Secret ${service.name}-secrets or manual-secrets of namespace ${namespace}. Add "${name}=\${{ secrets.${name} }}" to the input secrets, or take it off the list.`,
  }));
  const lines = ['Secrets without a value; nothing was changed.', ...diagnostics.map(formatDiagnostic)];
  throw new UserError(lines.join('\n'), { diagnostics });
}

function explainOutcome(outcome: Outcome, service: string, timeout: number): RolloutError {
  const pods = outcome.pods.map(
    ({ pod, state, restarts, message }) =>
      `  ${pod}: ${state}${restarts > 0 ? `, ${restarts} restarts` : ''}${message ? `: ${message}` : ''}`,
  );
  const headline = outcome.timedOut
    ? `${service} was not ready within ${timeout} s (${outcome.message}). The cluster keeps trying.`
    : `${service} does not become ready: ${outcome.state === 'failed' ? outcome.cause : outcome.message}.`;
  return new RolloutError([headline, ...pods].join('\n'));
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

/** Asks the cluster what it holds of a service; the caller decides when it needs the answers. */
function look(located: LocatedService, inputs: Inputs, namespace: string, connecting: Promise<Api>) {
  const { service } = located;
  const owned = connecting.then((api) => listOwned(api, namespace, service.name));
  const secrets = connecting.then(async (api) => {
    const found = await findSecrets(api, service, namespace, inputs.secrets, owned);
    checkSecrets(located, found.plan, namespace);
    return found;
  });
  // Whoever awaits them learns of a refusal; a run that ends before that must not end on it.
  for (const answer of [owned, secrets]) answer.catch(() => undefined);
  return { owned, secrets };
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
