/** The demo where pods run and images can be built. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Repository } from './repository.ts';
import { countChanges, deploy, freshNamespace, kubectl, list, removeAtEnd, type Stage } from './stage.ts';
import { type Answers, get, startTraffic } from './traffic.ts';

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly podIP: string };
}

interface ServiceObject {
  readonly spec: { readonly clusterIP: string };
}

const perSecond = 50;

/** Deletes the image repository that the first deploy made. */
async function removeRepository({ bed }: Stage, name: string): Promise<void> {
  const { ECR } = await import('@aws-sdk/client-ecr');
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = bed.env;
  const ecr = new ECR({
    ...(AWS_ENDPOINT_URL !== undefined && { endpoint: AWS_ENDPOINT_URL }),
    ...(AWS_REGION !== undefined && { region: AWS_REGION }),
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  });
  await ecr.deleteRepository({ repositoryName: name, force: true }).catch((error: Error) => {
    if (error.name !== 'RepositoryNotFoundException') throw error;
  });
}

/** A new Service is routed up to a second after its pods are ready: that is kube-proxy's pace, and no update's. */
async function getWhenRouted(address: string): Promise<string> {
  for (const end = performance.now() + 5_000; ; await sleep(100)) {
    try {
      return await get(address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || performance.now() > end) throw error;
    }
  }
}

function tellAnswers({ narration }: Stage, { sent, byVersion, failures }: Answers): void {
  const counts = [...byVersion].sort().map(([version, count]) => `${count} answered by version ${version}`);
  narration.say(`${sent} requests: ${[...counts, `${failures.length} failed`].join(', ')}`);
  for (const { at, what } of failures.slice(0, 10)) narration.say(`  ${(at / 1000).toFixed(1)} s: ${what}`);
}

/** Gives the result in a paragraph. */
export async function story(stage: Stage): Promise<string> {
  const { bed, narration, workspace, signal } = stage;
  const namespace = freshNamespace();
  const inputs = { cluster: bed.env.BED_CLUSTER ?? '', namespace };

  let commit = '';
  const repository = await narration.chapter(
    'A repository with a service: code, Dockerfile and service.yaml',
    async () => {
      const made = await Repository.create(workspace);
      commit = await made.commit('A service that says hello');
      narration.say('service.yaml, all there is to say about Kubernetes:');
      narration.quote(made.read('service.yaml'));
      narration.say('Compiling it: the Dockerfile only copies the program, FROM scratch.');
      await made.compile((line) => narration.quote(line));
      return made;
    },
  );
  signal.throwIfAborted();

  const first = await narration.chapter(
    'First deploy: image built and pushed, objects applied, pods awaited',
    async () => {
      removeAtEnd(stage, namespace);
      stage.onCleanUp(() => removeRepository(stage, `${namespace}/hello`));
      const step = await deploy(stage, inputs, { GITHUB_SHA: commit });
      narration.expect('the image was built', step.result.built, 'it was not');
      const all = Object.values(step.result.changes).every((change) => change === 'created');
      narration.expect('every object was created', all, countChanges(step.result));
      return step;
    },
  );

  const url = await narration.chapter('Asking the service', async () => {
    const [pods, services] = await Promise.all([
      list<Pod>(stage, namespace, 'pods'),
      list<ServiceObject>(stage, namespace, 'services'),
    ]);
    const addresses = pods.map(
      ({ metadata, status }) => [`http://${status.podIP}:8080/`, `pod ${metadata.name}`] as const,
    );
    const clusterIP = `http://${services[0]?.spec.clusterIP}/`;
    for (const [address, what] of [...addresses, [clusterIP, 'the Service'] as const]) {
      narration.say(`$ curl ${address}`);
      const answer = await getWhenRouted(address).catch((error: Error) => error.message);
      narration.quote(answer);
      narration.expect(`${what} answers`, answer.includes('from version 1'), answer);
    }
    return clusterIP;
  });
  signal.throwIfAborted();

  const second = await narration.chapter('The same again: nothing to build, nothing to change', async () => {
    const step = await deploy(stage, inputs, { GITHUB_SHA: commit });
    narration.expect('nothing was built', !step.result.built, 'an image was built');
    narration.expect('nothing was changed', step.outputs.changed === 'false', countChanges(step.result));
    const same = step.outputs.current_image === first.outputs.current_image;
    narration.expect('the image is the same', same, `${step.outputs.current_image}`);
    return step;
  });

  let answers: Answers | undefined;
  const third = await narration.chapter(`Version 2, under ${perSecond} requests a second`, async () => {
    const [before, after] = ['const version = "1"', 'const version = "2"'];
    narration.say(`main.go: ${before} becomes ${after}`);
    repository.edit('main.go', before, after);
    commit = await repository.commit('Version 2');
    await repository.compile((line) => narration.quote(line));
    signal.throwIfAborted();
    const old = (await list<Pod>(stage, namespace, 'pods')).map(({ metadata }) => `pod/${metadata.name}`);
    const traffic = startTraffic(url, perSecond);
    try {
      await sleep(500, undefined, { signal });
      const step = await deploy(stage, inputs, { GITHUB_SHA: commit });
      narration.say('The requests go on until the last pod of version 1 is gone …');
      await kubectl(stage, '--namespace', namespace, 'wait', '--for=delete', '--timeout=60s', ...old);
      await sleep(500, undefined, { signal });
      return step;
    } finally {
      answers = await traffic.stop();
      tellAnswers(stage, answers);
    }
  });
  const { byVersion, failures, sent } = answers as Answers;
  const of = (version: string) => byVersion.get(version) ?? 0;
  narration.expect('no request failed', failures.length === 0, `${failures.length} of ${sent} did`);
  narration.expect('both versions answered', of('1') > 0 && of('2') > 0, `${of('1')} and ${of('2')} answers`);
  const last = await get(url).catch((error: Error) => error.message);
  narration.expect('version 2 answers now', last.includes('from version 2'), last);
  narration.expect('a new image was built', third.result.built, 'it was not');
  const { changes } = third.result;
  const onlyDeployment = Object.keys(changes).every(
    (name) => (changes[name] === 'configured') === (name === 'Deployment/hello'),
  );
  narration.expect('only the Deployment was changed', onlyDeployment, countChanges(third.result));
  signal.throwIfAborted();

  await narration.chapter("What the job's page shows", async () => narration.quoteMarkdown(third.summary));

  return [
    `A service was deployed from its spec (${countChanges(first.result)}), deployed again (${countChanges(second.result)})`,
    `and brought to its next version while ${sent} requests were sent to it: ${of('1')} answered by version 1,`,
    `${of('2')} by version 2, ${failures.length} failed.`,
  ].join(' ');
}
