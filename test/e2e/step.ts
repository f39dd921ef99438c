import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a user sees of a step that ran. */
export interface Step {
  readonly code: number | null;
  /** Everything it printed, workflow commands included. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** `::error file=…,line=…,col=…::message` commands. */
  readonly errors: readonly {
    readonly file?: string;
    readonly line?: number;
    readonly col?: number;
    readonly message: string;
  }[];
}

export interface StepOptions {
  /** Files of the checked-out repository, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A workspace that is there already, instead of `files`. */
  readonly workspace?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with each piece of what the step prints. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

const program = path.join(import.meta.dirname, '../../dist/index.js');

/** A workspace with these files. */
export function workspaceWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'workspace-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** The values a step wrote to its output file: `name<<delimiter`, lines, `delimiter`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^([^\n<]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)) {
    if (name !== undefined) outputs[name] = value ?? '';
  }
  return outputs;
}

const unescaped = (text: string) =>
  text
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

function parseErrors(log: string): Step['errors'] {
  return [...log.matchAll(/^::error(?: ([^\n]*?))?::([^\n]*)$/gm)].map(([, properties = '', message = '']) => {
    const of = Object.fromEntries(properties.split(',').map((one) => one.split('=').map(unescaped)));
    return {
      ...(of.file && { file: of.file }),
      ...(of.line && { line: Number(of.line) }),
      ...(of.col && { col: Number(of.col) }),
      message: unescaped(message),
    };
  });
}

/** Runs the committed bundle as a runner would: a process of its own, inputs in its environment, files for its answers. */
export async function runStep({ files = {}, workspace, ...options }: StepOptions): Promise<Step> {
  const folder = workspace ?? workspaceWith(files);
  try {
    return await runIn(folder, options);
  } finally {
    if (workspace === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, { inputs = {}, env = {}, onOutput }: StepOptions): Promise<Step> {
  const runner = mkdtempSync(path.join(tmpdir(), 'runner-'));
  const file = (name: string) => {
    writeFileSync(path.join(runner, name), '');
    return path.join(runner, name);
  };
  const output = file('output');
  const summary = file('summary');
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GITHUB_WORKSPACE: folder,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'example/hello',
      RUNNER_TEMP: runner,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...env,
    },
  });
  let log = '';
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      onOutput?.(text, kill);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const step = {
    code,
    log,
    outputs: parseOutputs(readFileSync(output, 'utf8')),
    summary: readFileSync(summary, 'utf8'),
    errors: parseErrors(log),
  };
  rmSync(runner, { recursive: true, force: true });
  return step;
}
