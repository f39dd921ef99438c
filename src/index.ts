import { fail } from './github/annotations.ts';
import { actionsLog } from './github/log.ts';
import { readInputs } from './inputs.ts';
import { type Progress, run } from './run.ts';

const cancelled = new AbortController();
const progress: Progress = { state: 'Nothing was changed in the cluster.' };
// A runner that cancels a job sends SIGINT, later SIGTERM: the second one must not cut off what the first one tidies up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort(signal));

try {
  await run(readInputs(process.env), actionsLog, cancelled.signal, progress);
} catch (error) {
  if (cancelled.signal.aborted) fail(new Error(`Cancelled (${cancelled.signal.reason}). ${progress.state}`));
  else fail(error);
}
