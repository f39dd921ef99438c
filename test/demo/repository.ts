/** A checkout of the sample service, as a runner has it: a git repository with a commit, and its built program. */
import { chmodSync, copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { goBinary } from '../bed/bed.ts';
import { command } from '../bed/command.ts';
import type { Log } from '../bed/progress.ts';

const sample = path.join(import.meta.dirname, 'hello');
const sources = ['.dockerignore', '.gitignore', 'Dockerfile', 'go.mod', 'main.go', 'service.yaml'];

/** Git as it is everywhere, whatever the user's own settings say. */
const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'demo',
  GIT_AUTHOR_EMAIL: 'demo@example.com',
  GIT_COMMITTER_NAME: 'demo',
  GIT_COMMITTER_EMAIL: 'demo@example.com',
};

export class Repository {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(folder: string): Promise<Repository> {
    for (const name of sources) cpSync(path.join(sample, name), path.join(folder, name));
    const repository = new Repository(folder);
    await repository.#git('init', '--quiet', '--initial-branch=main');
    return repository;
  }

  async #git(...args: string[]): Promise<string> {
    return (await command('git', args, { cwd: this.folder, env: environment })).trim();
  }

  /** Commits everything; gives the commit's id. */
  async commit(message: string): Promise<string> {
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', `--message=${message}`);
    return this.#git('rev-parse', 'HEAD');
  }

  read(name: string): string {
    return readFileSync(path.join(this.folder, name), 'utf8');
  }

  /** Replaces `before` by `after` in one file. */
  edit(name: string, before: string, after: string): void {
    const text = this.read(name);
    if (!text.includes(before)) throw new Error(`${name} has no "${before}" to change`);
    writeFileSync(path.join(this.folder, name), text.replace(before, after));
  }

  /** Compiles the service, as a step before the deploy would. */
  async compile(log: Log): Promise<void> {
    const built = await goBinary(this.folder, log);
    const program = path.join(this.folder, 'hello');
    copyFileSync(built, program);
    chmodSync(program, 0o755);
  }
}
