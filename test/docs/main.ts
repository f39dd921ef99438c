/**
 * Writes what is made from action.yml and the schema: the parts of README.md between `<!-- generated: NAME -->` and
 * `<!-- end -->`, and the action's twin that the reusable workflow uses.
 *
 *     npm run docs              writes them
 *     npm run docs -- --check   fails if they are not what would be written
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { writeDeployAction } from '../workflows/deploy-action.ts';
import { specReference } from './spec-reference.ts';

const root = path.join(import.meta.dirname, '../..');
const readme = path.join(root, 'README.md');

interface Described {
  readonly description: string;
  readonly default?: string;
}

const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

const parts: Readonly<Record<string, () => string>> = {
  inputs: () =>
    table(
      ['Input', 'Default', 'Meaning'],
      Object.entries(action.inputs).map(([name, one]) => [
        `\`${name}\``,
        one.default === undefined ? '' : `\`${one.default}\``,
        one.description,
      ]),
    ),
  outputs: () =>
    table(
      ['Output', 'Meaning'],
      Object.entries(action.outputs).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
  spec: specReference,
};

const before = readFileSync(readme, 'utf8');
const after = before.replaceAll(
  /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
  (_, start: string, name: string, end: string) => {
    const part = parts[name];
    if (!part) throw new Error(`README.md asks for a generated part "${name}", and there is none of that name`);
    return `${start}${part()}${end}`;
  },
);
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md is not what action.yml and the schema say: run npm run docs.');
    process.exit(1);
  }
} else {
  writeFileSync(readme, after);
  writeDeployAction();
}
