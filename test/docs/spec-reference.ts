import { jsonSchema } from '../../src/spec/json-schema.ts';
import { type Field, fields } from '../../src/spec/schema.ts';

const columns = ['Field', 'Type', 'Default', 'Meaning', 'Example'];

function defaultOf(name: string): string {
  const { properties, required } = jsonSchema() as {
    properties: Record<string, { default?: unknown }>;
    required: readonly string[];
  };
  if (required.includes(name)) return 'required';
  const value = properties[name]?.default;
  if (value === undefined) return 'none';
  const flow = JSON.stringify(value)
    .replaceAll('"', '')
    .replaceAll(/([:,])/g, '$1 ');
  return `\`${flow}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The table of fields in the README, as Markdown: generated from the schema, so that it never says anything else. */
export function specReference(): string {
  const rows = (Object.entries(fields) as [string, Field][]).map(([name, { type, meaning, example }]) =>
    row([`\`${name}\``, type, defaultOf(name), meaning, `\`${example}\``]),
  );
  return `${[row(columns), row(columns.map(() => '---')), ...rows].join('\n')}\n`;
}

/** `service.schema.json`, which editors check a spec with while it is written. */
export function serviceSchema(): object {
  return jsonSchema();
}
