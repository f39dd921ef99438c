/** The middle value; the mean of the two in the middle of an even number of them. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Runs that stood side by side, by what they were, in seconds: all of one round under the same weather. */
export type Round = Readonly<Record<string, number>>;

export const column = (rounds: readonly Round[], name: string): number[] =>
  rounds.map((round) => round[name] ?? Number.NaN);

/** Of each round, how many times as long `ours` took as `theirs`; the median of that. */
export function medianRatio(rounds: readonly Round[], ours: string, theirs: string): number {
  return median(rounds.map((round) => (round[ours] ?? Number.NaN) / (round[theirs] ?? Number.NaN)));
}
