/** What is written down about a bed that is up (or was, and was not taken down). */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { inState } from './layout.ts';
import type { MachineBefore } from './network.ts';

export type Addon = 'metrics';

/** `true`, or why not and what to do about it. */
export type Capability = true | string;

export interface Capabilities {
  /** Real pods on a real node. Without it there are fake nodes only. */
  readonly pods: Capability;
  /** Images can be built and pushed with docker buildx. */
  readonly builds: Capability;
}

export interface Facts {
  readonly capabilities: Capabilities;
  /** The IP address the API server listens on. */
  readonly address: string;
  readonly ownDocker: boolean;
  readonly addons: readonly Addon[];
  readonly env: Readonly<Record<string, string>>;
  readonly tools: Readonly<Record<'servers' | 'kubectl' | 'kwok' | 'moto', string>>;
  /** Only where the bed has a node, and so changes the machine. */
  readonly before?: MachineBefore;
}

const file = inState('facts.json');

export function readFacts(): Facts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Facts;
  } catch {
    return undefined;
  }
}

export function writeFacts(facts: Facts): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
