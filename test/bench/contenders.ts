/** The three ways to a running service: what each needs on disk, and what is started. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Bed } from '../bed/bed.ts';
import type { Command } from './measure.ts';
import { name, objectsOf, secrets, specOf, timeout } from './objects.ts';

export const contenders = ['this action', 'kubectl', 'helm'] as const;
export type Contender = (typeof contenders)[number];

export const descriptions: Readonly<Record<Contender, string>> = {
  'this action': 'node dist/index.js',
  kubectl: 'kubectl apply --server-side, then kubectl rollout status',
  helm: 'helm upgrade --install --wait',
};

const bundle = path.join(import.meta.dirname, '../../dist/index.js');

export class Field {
  readonly #bed: Bed;
  readonly #helm: string;
  readonly #image: string;
  readonly #folder: string;

  /** @param folder an empty one, for what the three read and write */
  constructor(bed: Bed, helm: string, image: string, folder: string) {
    this.#bed = bed;
    this.#helm = helm;
    this.#image = image;
    this.#folder = folder;
    this.#write('workspace/service.yaml', specOf(image));
  }

  #write(file: string, text: string): string {
    const full = path.join(this.#folder, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }

  /** Nothing of the caller's settings; caches that kubectl and helm keep under HOME stay warm between runs. */
  get environment(): Record<string, string> {
    return { PATH: process.env.PATH ?? '', HOME: this.#folder, ...this.#bed.env };
  }

  /** What a deploy to `namespace` starts. Files it needs are written before. */
  commands(contender: Contender, namespace: string): Command[] {
    if (contender === 'this action') return [this.action(namespace)];
    const env = this.environment;
    const objects = objectsOf(this.#image, namespace)
      .map((one) => stringify(one))
      .join('---\n');
    const seconds = `${timeout}s`;
    if (contender === 'kubectl') {
      const file = this.#write(`kubectl/${namespace}.yaml`, objects);
      const run = (...args: string[]) => ({ program: this.#bed.tools.kubectl, args, env });
      return [
        run('apply', '--server-side', '--filename', file),
        run('--namespace', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout', seconds),
      ];
    }
    const chart = path.dirname(
      this.#write(`helm/${namespace}/Chart.yaml`, stringify({ apiVersion: 'v2', name, version: '1.0.0' })),
    );
    this.#write(`helm/${namespace}/templates/objects.yaml`, objects);
    const args = ['upgrade', '--install', name, chart, '--namespace', namespace, '--wait', '--timeout', seconds];
    return [{ program: this.#helm, args, env }];
  }

  /** The action as a runner starts it. */
  action(namespace: string, nodeArgs: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Command {
    const workspace = path.join(this.#folder, 'workspace');
    return {
      program: process.execPath,
      args: [...nodeArgs, bundle],
      cwd: workspace,
      env: {
        ...this.environment,
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: this.#write('runner/output', ''),
        GITHUB_STEP_SUMMARY: this.#write('runner/summary', ''),
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'example/hello',
        RUNNER_TEMP: path.join(this.#folder, 'runner'),
        INPUT_NAMESPACE: namespace,
        INPUT_TIMEOUT: String(timeout),
        INPUT_SECRETS: Object.entries(secrets)
          .map(([key, value]) => `${key}=${value}`)
          .join('\n'),
        ...env,
      },
    };
  }

  /** Whether the last run of the action says that it changed anything. */
  actionChanged(): boolean {
    return /^changed<<(\S+)\ntrue\n\1$/m.test(readFileSync(path.join(this.#folder, 'runner/output'), 'utf8'));
  }
}
