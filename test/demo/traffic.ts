/** Requests to a service at a steady rate, and who answered them. */
import http from 'node:http';

export interface Answers {
  readonly sent: number;
  /** Number of answers by the version that gave them. */
  readonly byVersion: ReadonlyMap<string, number>;
  /** What went wrong, and how many milliseconds after the first request. */
  readonly failures: readonly { readonly at: number; readonly what: string }[];
}

/** Milliseconds; a service that takes longer over a greeting has failed. */
const patience = 5_000;

/** One request over a connection of its own, as from a new client; the text of a 200, an error for anything else. */
export function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, timeout: patience }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`status ${response.statusCode}: ${text}`)),
      );
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${patience / 1000} s`)));
    request.on('error', reject);
  });
}

/** The greeting of `test/demo/hello` names its version. */
function versionIn(greeting: string): string {
  const version = /from version (\S+)/.exec(greeting)?.[1];
  if (version === undefined) throw new Error(`an answer that is no greeting: ${greeting.slice(0, 100)}`);
  return version;
}

/** Sends requests until it is told to stop, each at its time, whether or not those before are answered. */
export function startTraffic(url: string, perSecond: number): { stop(): Promise<Answers> } {
  const began = performance.now();
  const byVersion = new Map<string, number>();
  const failures: { at: number; what: string }[] = [];
  const open = new Set<Promise<void>>();
  let sent = 0;
  const send = () => {
    sent++;
    const at = Math.round(performance.now() - began);
    const answered = get(url)
      .then((text) => {
        const version = versionIn(text);
        byVersion.set(version, (byVersion.get(version) ?? 0) + 1);
      })
      .catch((error: Error) => void failures.push({ at, what: error.message }))
      .finally(() => open.delete(answered));
    open.add(answered);
  };
  const timer = setInterval(send, 1000 / perSecond);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
      return { sent, byVersion, failures };
    },
  };
}
