/** A plot of the runs: a panel for each scenario, a column for each contender, a dot for each run, a line at the median. */
import type { Comparison } from './comparison.ts';
import { contenders } from './contenders.ts';
import { median } from './statistics.ts';

const panel = { width: 380, height: 260, left: 56, top: 56, gap: 24 };
const colours = ['#0b7285', '#868e96', '#868e96'];

/** A round number that divides the axis into four to eight parts. */
function tickOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  return power * ([1, 2, 5, 10].find((factor) => most / (power * factor) <= 8) ?? 10);
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${safe}</text>`;
}

function renderPanel({ title, rounds }: Comparison, x: number): string {
  const all = rounds.flatMap((round) => contenders.map((contender) => round[contender].wall));
  const tick = tickOf(Math.max(...all));
  const most = tick * Math.ceil((Math.max(...all) * 1.05) / tick);
  const bottom = panel.top + panel.height;
  const left = x + panel.left;
  const inner = panel.width - panel.left;
  const yOf = (seconds: number) => bottom - (seconds / most) * panel.height;
  const parts = [text(left, panel.top - 16, title, 'font-weight="bold" font-size="14"')];
  for (let index = 0; index * tick <= most + tick / 2; index++) {
    const y = yOf(index * tick);
    parts.push(`<line x1="${left}" x2="${left + inner}" y1="${y}" y2="${y}" stroke="#dee2e6"/>`);
    parts.push(text(left - 8, y + 4, (index * tick).toFixed(tick < 0.1 ? 2 : tick < 1 ? 1 : 0), 'text-anchor="end"'));
  }
  const middle = panel.top + panel.height / 2;
  parts.push(text(x + 14, middle, 'wall time, s', `text-anchor="middle" transform="rotate(-90 ${x + 14} ${middle})"`));
  contenders.forEach((contender, column) => {
    const centre = left + (inner * (column + 0.5)) / contenders.length;
    const walls = rounds.map((round) => round[contender].wall);
    const at = yOf(median(walls));
    const spread = inner / contenders.length / 4;
    walls.forEach((wall, index) => {
      const offset = walls.length > 1 ? (index / (walls.length - 1) - 0.5) * 1.6 * spread : 0;
      const place = `cx="${(centre + offset).toFixed(1)}" cy="${yOf(wall).toFixed(1)}"`;
      parts.push(`<circle ${place} r="3.5" fill="${colours[column]}" fill-opacity="0.55"/>`);
    });
    parts.push(
      `<line x1="${centre - spread}" x2="${centre + spread}" y1="${at}" y2="${at}" stroke="${colours[column]}" stroke-width="2.5"/>`,
      text(centre + spread + 3, at + 4, median(walls).toFixed(2), 'font-weight="bold"'),
      text(centre, bottom + 20, contender, 'text-anchor="middle"'),
    );
  });
  return parts.join('\n');
}

/** @param caption says when and on what machine */
export function renderPlot(comparisons: readonly Comparison[], caption: string): string {
  const width = comparisons.length * (panel.width + panel.gap) + 30;
  const height = panel.top + panel.height + 62;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#212529">
<rect width="100%" height="100%" fill="#fff"/>
${comparisons.map((comparison, index) => renderPanel(comparison, index * (panel.width + panel.gap))).join('\n')}
${text(panel.left, height - 12, caption, 'fill="#495057" font-size="11"')}
</svg>
`;
}
