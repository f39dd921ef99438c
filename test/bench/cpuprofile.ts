/** CPU time by module, from a profile of V8's. https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** `node_modules/zod/v4/core/schemas.js` → `zod`; files of ours keep their path. */
function packageOf(file: string): string {
  const inside = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return inside ?? file.replace(/^\.\/(\.build\/)?/, '');
}

/** For each line of a bundle, the module it comes from, as far as the bundler says. */
function modulesOf(bundle: string): string[] {
  let current = 'bundle';
  return readFileSync(bundle, 'utf8')
    .split('\n')
    .map((line) => {
      const named = /^;?\/\/ CONCATENATED MODULE: (\S+)/.exec(line)?.[1];
      const numbered = /^\/\*\*\*\/ (\d+):/.exec(line)?.[1];
      if (named !== undefined) current = packageOf(named);
      else if (numbered !== undefined) current = `bundle's module ${numbered}`;
      return current;
    });
}

/** Milliseconds by module, each without what it calls. Waiting for answers is left out. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, bundle: string): Map<string, number> {
  const lines = new Map<string, string[]>();
  const names = new Map<number, string>();
  for (const { id, callFrame } of nodes) {
    const { url, functionName, lineNumber } = callFrame;
    if (url.startsWith('file:') && path.dirname(fileURLToPath(url)) === path.dirname(bundle)) {
      const file = fileURLToPath(url);
      if (!lines.has(file)) lines.set(file, modulesOf(file));
      names.set(id, lines.get(file)?.[lineNumber] ?? path.basename(file));
    } else {
      names.set(id, url.startsWith('node:') ? `node: ${url.split('/')[0]?.slice(5)}` : `V8: ${functionName}`);
    }
  }
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? 'unknown';
    if (name === 'V8: (idle)') return;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  return times;
}
