import type { Position } from './diagnostic.ts';
import { quote, type Report } from './fault.ts';
import { isInside, readPublicUri } from './public-uri.ts';
import { type FieldName, type Fields, fields } from './schema.ts';
import { describe, find, locate, locateKey, type Tree } from './tree.ts';

/** One service whose fields have been looked at one by one, before they are looked at together. */
export interface Reading {
  readonly tree: Tree;
  /** Fields that are right by themselves, written or default. A faulty one is not here, and no rule speaks of it. */
  readonly values: Partial<Fields>;
  readonly parent: Readonly<Record<string, string>>;
}

type Rule = (reading: Reading, report: Report) => void;

function isWritten(reading: Reading, name: FieldName): boolean {
  return find(reading.tree, [name]) !== undefined;
}

const notMoreThanMost: Rule = (reading, report) => {
  const { min_containers: min, max_containers: max } = reading.values;
  if (min === undefined || max === undefined) return;
  const minWritten = isWritten(reading, 'min_containers');
  const at = locate(reading.tree, [minWritten ? 'min_containers' : 'max_containers']);
  if (min === 0 && max > 0) {
    report(
      at,
      `\`min_containers\` can be 0 only when \`max_containers\` is 0 too (no containers at all): autoscaling by cpu and memory cannot start the first one. Write \`min_containers: 1\`, or \`max_containers: 0\`.`,
    );
  }
  if (min <= max) return;
  if (!minWritten) {
    report(
      at,
      `\`max_containers\` is ${max}, less than \`min_containers\`, which is ${min} when it is not given. For no containers, write \`min_containers: 0\` too.`,
    );
  } else if (!isWritten(reading, 'max_containers')) {
    report(
      at,
      `\`min_containers\` is ${min}, more than \`max_containers\`, which is ${max} when it is not given. Write \`max_containers: ${min}\` or more too.`,
    );
  } else {
    report(
      at,
      `\`min_containers\` is ${min}, more than \`max_containers\`, which is ${max}: lower one or raise the other.`,
    );
  }
};

const needHttpPort: Rule = (reading, report) => {
  const { values, tree } = reading;
  if (!('port' in values) || values.port?.http !== undefined) return;
  const has = values.port ? 'this service has only a `tcp` port' : 'this service has no port';
  const needs: readonly (readonly [FieldName, string])[] = [
    ['healthcheck_path', values.port ? 'A `tcp` port is probed by connecting to it.' : ''],
    ['liveness_probe_path', ''],
    ['readiness_probe_path', ''],
    ['public_uri', ''],
    ['consistent_hash', ''],
    ['sticky_session', ''],
  ];
  for (const [name, aside] of needs) {
    const value = values[name];
    if (!isWritten(reading, name) || value === undefined || value === false || isEmptyList(value)) continue;
    const change = values.port ? 'Make it `http`' : 'Add `port: {http: …}`';
    report(
      locateKey(tree, [name]),
      `\`${name}\` needs an \`http\` port, and ${has}. ${aside}${aside && ' '}${change}, or remove \`${name}\`.`,
    );
  }
};

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const oneWayToChoose: Rule = ({ tree, values }, report) => {
  if (values.sticky_session && values.consistent_hash !== undefined) {
    report(
      locateKey(tree, ['consistent_hash']),
      '`consistent_hash` and `sticky_session` each decide alone which container gets a request: only one would work. Keep one.',
    );
  }
};

/** With `sticky_session: false` the age may stay: it is how one spec turns the cookie on in some environments. */
const ageOfSomething: Rule = (reading, report) => {
  if (isWritten(reading, 'sticky_session_max_age') && !isWritten(reading, 'sticky_session')) {
    report(
      locateKey(reading.tree, ['sticky_session_max_age']),
      '`sticky_session_max_age` does nothing without `sticky_session`: add `sticky_session: true`, or remove it.',
    );
  }
};

interface Named {
  readonly name: string;
  readonly shown: string;
  readonly at: Position;
}

/** The names of a map, of a list of maps with a `name`, or of a list of names. */
function namesIn(tree: Tree | undefined): readonly Named[] {
  if (tree?.kind === 'map')
    return [...tree.entries].map(([name, { keyAt }]) => ({ name, shown: quote(name), at: keyAt }));
  if (tree?.kind !== 'list') return [];
  return tree.items.flatMap((item) => {
    const name = item.kind === 'map' ? find(item, ['name']) : item;
    if (name?.kind !== 'scalar' || typeof name.value !== 'string') return [];
    return [{ name: name.value, shown: describe(name), at: name.at }];
  });
}

const namesOnce: Rule = ({ tree }, report) => {
  const first = new Map<string, { field: string; line: number }>();
  for (const field of ['secrets', 'env_vars'] as const) {
    for (const { name, shown, at } of namesIn(find(tree, [field]))) {
      const earlier = first.get(name);
      if (earlier?.field === field) {
        report(at, `${shown} is in \`${field}\` twice, first on line ${earlier.line}: keep one.`);
      } else if (earlier) {
        report(
          at,
          `${shown} is in \`env_vars\` and in \`secrets\` (line ${earlier.line}): keep it in \`secrets\` if its value is not for everyone to read, else in \`env_vars\`.`,
        );
      } else {
        first.set(name, { field, line: at.line });
      }
    }
  }
};

const addressesInDomain: Rule = ({ tree, parent }, report) => {
  const written = find(tree, ['public_uri']);
  const domain = parent.domain;
  const seen = new Map<string, number>();
  for (const item of written?.kind === 'list' ? written.items : [written]) {
    if (item?.kind !== 'scalar' || typeof item.value !== 'string') continue;
    const uri = readPublicUri(item.value);
    if ('allowed' in uri) continue;
    const address = `${uri.host ?? ''}${uri.path}`;
    const earlier = seen.get(address);
    if (earlier !== undefined)
      report(item.at, `${describe(item)} is in \`public_uri\` twice, first on line ${earlier}: keep one.`);
    seen.set(address, earlier ?? item.at.line);
    if (domain && !isInside(uri, domain)) {
      report(
        item.at,
        `${describe(item)} in \`public_uri\` is outside the domain ${quote(domain)} (\`parent.domain\`). Write \`"{parent[domain]}"\` or a host below it, such as \`"hello.{parent[domain]}"\`.`,
      );
    }
  }
};

const onlySupported: Rule = ({ tree }, report) => {
  for (const [name, field] of Object.entries(fields)) {
    const written = find(tree, [name]);
    if (field.unsupported === undefined || written?.kind !== 'list' || written.items.length === 0) continue;
    report(locateKey(tree, [name]), `\`${name}\` is not supported yet. ${field.unsupported}`);
  }
};

/** What fields must be to each other, and to the place they are deployed to. */
export const rules: readonly Rule[] = [
  notMoreThanMost,
  needHttpPort,
  oneWayToChoose,
  ageOfSomething,
  namesOnce,
  addressesInDomain,
  onlySupported,
];
