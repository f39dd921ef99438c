import { logLines } from '../rollout/evidence.ts';
import { type Api, readText } from './api.ts';

/** The end of a container's output. */
export interface ContainerLog {
  readonly text: string;
  readonly previous: boolean;
}

/** A crash that prints megabytes on one line must not hold up what there is to say. */
const limitBytes = 64 * 1024;
const answerTimeout = 5_000;

/**
 * The last lines of the container that ran before this one, else of this one: after a crash the new one has said
 * nothing yet. Nothing when neither ran, when they may not be read, or when the node does not answer: evidence is
 * welcome, never needed.
 */
export async function readContainerLog(
  api: Api,
  where: { readonly namespace: string; readonly pod: string; readonly container: string },
  signal: AbortSignal,
): Promise<ContainerLog | undefined> {
  const path = `/api/v1/namespaces/${where.namespace}/pods/${where.pod}/log`;
  for (const previous of [true, false]) {
    const query = {
      container: where.container,
      tailLines: String(logLines),
      limitBytes: String(limitBytes),
      ...(previous && { previous: 'true' }),
    };
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(answerTimeout)]);
      const response = await api.open('GET', path, { query, signal: limited }, answerTimeout);
      const text = await readText(response);
      if (response.statusCode === 200 && text.trim() !== '') return { text, previous };
    } catch {
      if (signal.aborted) return undefined;
    }
  }
  return undefined;
}
