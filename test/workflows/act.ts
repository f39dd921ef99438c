/** Runs a workflow of a repository that calls ours, with act: on this machine, without containers and without GitHub. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goTool } from '../bed/bed.ts';
import { copyWorkflows } from './lint.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Where a caller finds this project. */
export const published = 'example/k8s-service-action';
const ref = 'v1';

/** What a user sees of a run. */
export interface WorkflowRun {
  /** 0 for a green run. */
  readonly code: number;
  readonly log: string;
  /** `succeeded` or `failed` by the name of the job; a job that was skipped is not in it. */
  readonly jobs: Readonly<Record<string, string>>;
}

type Files = Readonly<Record<string, string | Buffer>>;

function write(folder: string, files: Files): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content, { mode: typeof content === 'string' ? 0o644 : 0o755 });
  }
  return folder;
}

const action = (inputs: string, program: string): Files => ({
  'action.yml': `name: Stand-in\ninputs: ${inputs}\nruns:\n  using: node24\n  main: index.cjs\n`,
  'index.cjs': program,
});

/**
 * In the place of the actions of others, which cannot be fetched here and need AWS or GitHub. The one of the AWS
 * credentials gives what the real one gives, where the workflow asks it as it should: credentials in the job's
 * environment. The others fail if they are run at all.
 */
const standIns: Readonly<Record<string, Files>> = {
  'aws-actions/configure-aws-credentials': action(
    '{role-to-assume: {required: true}, aws-region: {required: true}}',
    `const { appendFileSync } = require('node:fs');
const { 'INPUT_ROLE-TO-ASSUME': role, 'INPUT_AWS-REGION': region, STAND_IN_CREDENTIALS, GITHUB_ENV } = process.env;
if (!/^arn:aws:iam::[0-9]{12}:role\\/[\\w-]+$/.test(role)) throw new Error('no role to assume: ' + role);
appendFileSync(GITHUB_ENV, 'AWS_REGION=' + region + '\\n' + STAND_IN_CREDENTIALS);
`,
  ),
  'docker/setup-qemu-action': action('{}', `throw new Error('nothing asked for other platforms');\n`),
  'docker/setup-buildx-action': action('{}', `throw new Error('nothing asked for other platforms');\n`),
};

/** The calling repository, the published action and what act keeps, in a temporary folder. */
export class Stage {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'workflows-'));
  readonly caller: string = path.join(this.folder, 'caller');
  /** Jobs find its path in KEPT and can keep something in it for the test. */
  readonly kept: string = path.join(this.folder, 'kept');
  readonly #repositories: readonly string[];

  /** @param files of the calling repository, which are committed */
  constructor(files: Files) {
    const project = path.join(this.folder, 'published');
    // What `$/path` means to GitHub's runner, in the words that act knows.
    copyWorkflows(root, project, (inner) => `${published}/${inner}@${ref}`);
    const workflow = readFileSync(path.join(project, '.github/workflows/deploy.yml'), 'utf8');
    const used = [...workflow.matchAll(/^ +uses: (\S+)@([0-9a-f]{40}) # v/gm)];
    this.#repositories = [
      `${published}@${ref}=${project}`,
      ...used.flatMap(([, name = '', sha = '']) => {
        const files = standIns[name];
        return files ? [`${name}@${sha}=${write(path.join(this.folder, name), files)}`] : [];
      }),
    ];
    write(this.caller, files);
    this.#git('init', '--quiet', '--initial-branch=main');
    this.#git('remote', 'add', 'origin', 'https://github.com/example/shop.git');
    this.#git('add', '--all');
    this.#git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'Files');
  }

  #git(...args: readonly string[]): void {
    execFileSync('git', args, { cwd: this.caller, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** A push to the calling repository. */
  async push(secrets: Readonly<Record<string, string>>): Promise<WorkflowRun> {
    const program = await goTool('act');
    const args = [
      ...['push', '--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server'],
      ...['--action-cache-path', path.join(this.folder, 'act')],
      ...this.#repositories.flatMap((one) => ['--local-repository', one]),
      ...Object.keys(secrets).flatMap((name) => ['--secret', name]),
    ];
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_REGION: _, KUBECONFIG: __, ...rest } = process.env;
    const env = {
      // What a runner would not have, if these tests are themselves a step.
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(GITHUB|RUNNER|ACTIONS|INPUT)_/.test(name))),
      ...secrets,
      STAND_IN_CREDENTIALS: `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${key}\n`,
      KEPT: this.kept,
      XDG_CONFIG_HOME: this.folder, // The user's settings of act.
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
    };
    return new Promise((resolve) => {
      const options = { cwd: this.caller, env, maxBuffer: 64 << 20 };
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        const log = `${stdout}${stderr}`;
        const ends = [...log.matchAll(/^\[(?:.*\/)?(.+?) *\] +🏁 +Job (\w+)$/gm)];
        const jobs = Object.fromEntries(ends.map(([, name, end]) => [name, end]));
        resolve({ code: error ? Number(error.code ?? -1) : 0, log, jobs });
      });
      child.stdin?.end();
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
