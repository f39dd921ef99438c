/** One line of output, without its end. */
export type Log = (line: string) => void;

/** `75_000` → `1 m 15 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

/** Says what is being done, again every few seconds while it lasts, and how long it took. */
export async function withProgress<T>(log: Log, what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  log(`${what} …`);
  const every = process.stderr.isTTY ? 5_000 : 15_000;
  const timer = setInterval(() => log(`${what} … ${duration(Date.now() - start)} so far`), every);
  try {
    const result = await work();
    log(`${what}: done in ${duration(Date.now() - start)}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
