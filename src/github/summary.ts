import { summary } from '@actions/core';
import { formatImageRef } from '../image/image.ts';
import { hasChanged, type Report } from '../report.ts';
import { objectName } from '../resources/manifest.ts';

/** GitHub refuses a summary of over 1 MiB; no text of a cluster needs more than this. */
const maxText = 300;

/**
 * Text from outside as a cell of a table: it can end neither the cell nor the table, and its markup stays text.
 */
function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').slice(0, maxText);
  return line.replaceAll(/[&<>|`*_[\]\\@#]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n');
}

function headline(report: Report): string {
  const { outcome, service, namespace } = report;
  const what = `**${cell(service)}** in ${cell(namespace)}`;
  if (outcome.state === 'complete') return hasChanged(report) ? `${what} is deployed` : `${what}: nothing to change`;
  return outcome.timedOut ? `${what} is not ready in time` : `${what} does not become ready`;
}

/** The summary of a run as GitHub-flavoured Markdown. */
export function renderSummary(report: Report): string {
  const { outcome, image, changes, removed, urls } = report;
  const facts = [
    ['Image', formatImageRef(image)],
    ['Built', report.built ? 'in this run' : 'no: the image was there already'],
    ['Replicas', outcome.message],
    ...urls.map((url) => ['URL', url]),
  ];
  const parts = [
    `### ${headline(report)}`,
    table(['', ''], facts),
    table(
      ['Object', 'Change'],
      [
        ...changes.map(({ manifest, action }) => [objectName(manifest), action]),
        ...removed.map((name) => [name, 'removed']),
      ],
    ),
  ];
  if (outcome.state !== 'complete') {
    const rows = outcome.pods
      .slice(0, 20)
      .map(({ pod, state, restarts, message }) => [pod, state, String(restarts), message ?? '']);
    parts.push(table(['Pod', 'State', 'Restarts', 'Kubernetes says'], rows));
  }
  return `${parts.join('\n\n')}\n`;
}

/** Adds the summary to the job's page; a step without one (outside GitHub) does without. */
export async function writeSummary(report: Report, env: NodeJS.ProcessEnv): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  await summary.addRaw(renderSummary(report)).write();
}
