import { expect, test } from 'vitest';
import { serviceSchema, specReference } from '../docs/spec-reference.ts';

test('the reference has a row for every field, with its default', () => {
  const rows = specReference().trimEnd().split('\n');
  const { properties } = serviceSchema() as { properties: Record<string, unknown> };
  expect(rows.slice(2).map((row) => row.split(' | ')[0])).toEqual(
    Object.keys(properties).map((name) => `| \`${name}\``),
  );
  const defaults = Object.fromEntries(
    rows.map((row) => row.split(' | ')).map(([name, , value]) => [name?.slice(3, -1), value]),
  );
  expect(defaults).toMatchObject({
    name: 'required',
    port: 'none',
    max_containers: '`3`',
    secrets: '`[]`',
    sticky_session: '`false`',
    resource_request: '`{cpu: 100, memory: 128}`',
  });
});

test('every row has as many cells as the head', () => {
  const cells = specReference()
    .trimEnd()
    .split('\n')
    .map((row) => row.split(/(?<!\\)\|/).length);
  expect(new Set(cells)).toEqual(new Set([7]));
});
