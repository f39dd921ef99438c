import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => parse(readFileSync(path.join(root, file), 'utf8'));
const action = read('action.yml');
const workflow = read('.github/workflows/deploy.yml');
const { inputs, secrets, outputs } = workflow.on.workflow_call;
const { deploy } = workflow.jobs;
const step = deploy.steps.find(({ id }: { id?: string }) => id === 'deploy');

test('each input of the action can be given to the reusable workflow, with the same default', () => {
  for (const [name, { default: byDefault = '' }] of Object.entries<{ default?: string }>(action.inputs)) {
    const [, kind, given = ''] = /^\$\{\{ (inputs|secrets)\.(\w+) \}\}$/.exec(step.with[name] ?? '') ?? [];
    expect(kind, `the input ${name}`).toBeDefined();
    if (kind === 'secrets') expect(secrets).toHaveProperty(given);
    else expect(String(inputs[given].default), `the default of ${name}`).toBe(byDefault);
  }
});

test('each input and secret of the reusable workflow is used', () => {
  const text = JSON.stringify(deploy);
  for (const name of Object.keys(inputs)) expect(text).toMatch(new RegExp(`\\binputs\\.${name}\\b`));
  for (const name of Object.keys(secrets)) expect(text).toMatch(new RegExp(`\\bsecrets\\.${name}\\b`));
});

test('each output of the action reaches the caller', () => {
  for (const name of Object.keys(action.outputs)) {
    expect(deploy.outputs[name]).toBe(`\${{ steps.deploy.outputs.${name} }}`);
    expect(outputs[name]?.value).toBe(`\${{ jobs.deploy.outputs.${name} }}`);
  }
});

test('no script of a workflow has an expression in it: what it says would be run', () => {
  for (const file of ['ci', 'deploy', 'release']) {
    const { jobs } = read(`.github/workflows/${file}.yml`);
    for (const { steps } of Object.values<{ steps: { run?: string }[] }>(jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  }
});
