/** What of the demo works where pods cannot run or images cannot be built: the objects are real, the pods are not. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fakeNodes } from '../bed/layout.ts';
import { countChanges, deploy, freshNamespace, kubectl, removeAtEnd, type Stage } from './stage.ts';

/** Never pulled: pods of fake nodes are said to run, and that is all. */
const spec = (greeting: string) => `name: hello
image: registry.example.com/hello:1
port:
  http: 8080
healthcheck_path: /healthz
min_containers: 2
max_containers: 2
env_vars:
  GREETING: ${greeting}
`;

const taint = 'kwok.x-k8s.io/node';

/** Pods without a toleration may go to one of the fake nodes, and to no other, until the end. */
async function useFakeNode(stage: Stage): Promise<void> {
  const [node = ''] = fakeNodes;
  const { items } = JSON.parse(await kubectl(stage, 'get', 'nodes', '--output', 'json')) as {
    items: { metadata: { name: string }; spec: { unschedulable?: boolean } }[];
  };
  const others = items.map(({ metadata }) => metadata.name).filter((name) => !fakeNodes.includes(name));
  stage.onCleanUp(async () => {
    await kubectl(stage, 'taint', 'nodes', node, '--overwrite', `${taint}=fake:NoSchedule`);
    for (const name of others) await kubectl(stage, 'uncordon', name);
  });
  await kubectl(stage, 'taint', 'nodes', node, `${taint}-`);
  for (const name of others) await kubectl(stage, 'cordon', name);
}

/** Gives the result in a paragraph. */
export async function simulated(stage: Stage): Promise<string> {
  const { bed, narration, workspace, signal } = stage;
  const namespace = freshNamespace();
  const inputs = { cluster: bed.env.BED_CLUSTER ?? '', namespace };
  const write = (greeting: string) => writeFileSync(path.join(workspace, 'service.yaml'), spec(greeting));

  await narration.chapter('What is possible on this machine', async () => {
    for (const [name, capability] of Object.entries(bed.capabilities)) {
      if (capability !== true) narration.say(`No ${name}: ${capability}`);
    }
    narration.say('So no image is built, no program runs and no request is answered: the pods are simulated ones.');
    narration.say('What runs for real: the API server, its controllers, the scheduler, and the action.');
    await useFakeNode(stage);
  });
  signal.throwIfAborted();

  const first = await narration.chapter('First deploy', async () => {
    write('Hello');
    narration.quote(spec('Hello'));
    removeAtEnd(stage, namespace);
    const step = await deploy(stage, inputs);
    const all = Object.values(step.result.changes).every((change) => change === 'created');
    narration.expect('every object was created', all, countChanges(step.result));
    return step;
  });
  const second = await narration.chapter('The same again: nothing to change', async () => {
    const step = await deploy(stage, inputs);
    narration.expect('nothing was changed', step.outputs.changed === 'false', countChanges(step.result));
    return step;
  });
  const third = await narration.chapter('A line of the spec changed', async () => {
    write('Good day');
    narration.say('GREETING: Hello becomes GREETING: Good day');
    const step = await deploy(stage, inputs);
    const configured = step.result.changes['Deployment/hello'] === 'configured';
    narration.expect('the Deployment was changed', configured, countChanges(step.result));
    return step;
  });
  await narration.chapter("What the job's page shows", async () => narration.quoteMarkdown(third.summary));
  return [
    `A service was deployed from its spec to simulated pods (${countChanges(first.result)}), deployed again`,
    `(${countChanges(second.result)}) and changed (${countChanges(third.result)}). Building its image, running it and`,
    'sending it requests through an update were left out: see above for what this machine needs for that.',
  ].join(' ');
}
