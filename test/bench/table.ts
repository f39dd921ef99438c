/** The result as Markdown, and against the bars it should meet. */
import { availableParallelism, totalmem } from 'node:os';
import type { Comparison } from './comparison.ts';
import { type Contender, contenders, descriptions } from './contenders.ts';
import { column, median, medianRatio, type Round } from './statistics.ts';

/** At most this many times as long as the other takes; in the order of the scenarios. */
export const bars: readonly Readonly<Partial<Record<Contender, number>>>[] = [
  { kubectl: 0.9, helm: 0.8 },
  { kubectl: 0.5, helm: 0.4 },
];

const ours: Contender = 'this action';

const walls = ({ rounds }: Comparison): Round[] =>
  rounds.map((round) => Object.fromEntries(contenders.map((contender) => [contender, round[contender].wall])));

export function machine(): string {
  return `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory`;
}

export function renderTable(comparisons: readonly Comparison[], date: string): string {
  const rows = comparisons.flatMap((comparison) =>
    contenders.map((contender) => {
      const rounds = walls(comparison);
      const values = column(rounds, contender);
      const user = median(comparison.rounds.map((round) => round[contender].user));
      const ratio = contender === ours ? '' : medianRatio(rounds, ours, contender).toFixed(2);
      const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
      const spread = `${least.toFixed(2)}–${most.toFixed(2)}`;
      return [comparison.title, `\`${descriptions[contender]}\``, middle.toFixed(2), spread, user.toFixed(2), ratio];
    }),
  );
  const head = ['', 'whole processes', 'median, s', 'min–max, s', 'user CPU, s', 'this action takes, times that'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const count = comparisons[0]?.rounds.length ?? 0;
  return [
    `${date}, ${machine()}, Node ${process.versions.node}: medians of ${count} alternating runs; ratios are medians of each round's.`,
    '',
    line(head),
    line(head.map((_, index) => (index < 2 ? '---' : '--:'))),
    ...rows.map(line),
  ].join('\n');
}

/** One line for each bar. */
export function judge(comparisons: readonly Comparison[]): string[] {
  return comparisons.flatMap((comparison, index) =>
    Object.entries(bars[index] ?? {}).map(([contender, bar]) => {
      const ratio = medianRatio(walls(comparison), ours, contender);
      const verdict = ratio <= bar ? 'met' : 'not met';
      return `${comparison.title}, at most ${bar} × ${contender}: ${ratio.toFixed(2)} ×, ${verdict}`;
    }),
  );
}
