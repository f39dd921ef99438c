// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references of a spec.
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/spec/json-schema.ts';
import { fields } from '../../src/spec/schema.ts';
import { problemsOf, withFields } from './reading.ts';

const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(jsonSchema());
const http = 'port: {http: 8080}';

describe('what both the schema and the action let through', () => {
  test.each([
    ['nothing more'],
    ['port: {tcp: 5432}'],
    ['min_containers: 0', 'max_containers: 0'],
    ['max_containers: "{vars.max}"'],
    ['autoscaling_target_cpu_percentage: 100'],
    ['secrets: [A, b_1, discovery.type]'],
    ['env_vars: {A: 1.10, B: yes, C: "", D: true, E.f: x}'],
    ['env_vars: [{name: A, value: 1}, {name: B, value: text}]'],
    ['env_vars: {}'],
    [http, 'healthcheck_path: healthz', 'liveness_probe_path: /a?b=c', 'readiness_probe_path: "/{vars.word}"'],
    [http, 'consistent_hash: $cookie_id'],
    [http, 'sticky_session: true', 'sticky_session_max_age: 1'],
    [http, 'sticky_session: ${{ vars.sticky }}'],
    ['resource_request: {cpu: 250m, memory: 512}'],
    ['resource_request: {cpu: "{vars.cpu}"}'],
    ['resource_request: {}'],
    [http, 'public_uri: "*"'],
    [http, 'public_uri: [example.com, "hello.{parent[domain]}/a", /a/b]'],
    ['additional_iam_policies: []', 'links: []'],
  ])('%s, %s', (...lines) => {
    const spec = withFields(...lines.map((line) => (line === 'nothing more' ? '' : line)));
    expect(problemsOf(spec)).toEqual([]);
    validate(parse(spec));
    expect(validate.errors).toBeNull();
  });
});

describe('what both refuse', () => {
  test.each([
    ['name: Hello\nimage: AUTO'],
    [`name: ${'a'.repeat(53)}\nimage: AUTO`],
    ['name: 9\nimage: AUTO'],
    ['image: AUTO'],
    ['name: hello'],
    ['name: hello\nimage: nginx 1'],
    ['name: hello\nimage: ""'],
    ['name: hello\nimage:'],
    ...[
      'helthcheck_path: /',
      'port: {http: 0}',
      'port: {http: 70000}',
      'port: {http: 80.5}',
      'port: {http: "80"}',
      'port: {http: 80, tcp: 81}',
      'port: {}',
      'port: {grpc: 80}',
      'port: 80',
      'min_containers: -1',
      'max_containers: three',
      'autoscaling_target_cpu_percentage: 0',
      'autoscaling_target_mem_percentage: 101',
      'secrets: A',
      'secrets: [A B]',
      'secrets: [{A: 1}]',
      'env_vars: A',
      'env_vars: {A B: 1}',
      'env_vars: {A: null}',
      'env_vars: {A: [1]}',
      'env_vars: [{name: A}]',
      'env_vars: [{name: A, value: 1, other: 2}]',
      'env_vars: [{name: A B, value: 1}]',
      `${http}\nhealthcheck_path: /a b`,
      `${http}\nhealthcheck_path: ""`,
      `${http}\nconsistent_hash: $host`,
      `${http}\nsticky_session: "yes"`,
      `${http}\nsticky_session: true\nsticky_session_max_age: 0`,
      'resource_request: {cpu: 2}',
      'resource_request: {cpu: 1Gi}',
      'resource_request: {memory: "512"}',
      'resource_request: {mem: 1}',
      `${http}\npublic_uri: https://example.com`,
      `${http}\npublic_uri: example.com:80`,
      `${http}\npublic_uri: /a?b`,
      `${http}\npublic_uri: {host: example.com}`,
      'additional_iam_policies: [arn:aws:iam::123456789012:policy/a]',
      'links: [database]',
    ].map((field) => [withFields(field)]),
  ])('%j', (spec) => {
    expect(problemsOf(spec)).not.toEqual([]);
    expect(validate(parse(spec))).toBe(false);
  });
});

test('what only the action sees: fields together, and what is filled in', () => {
  const specs = [
    withFields('min_containers: 5'),
    withFields('healthcheck_path: /'),
    withFields(http, 'public_uri: example.org'),
    withFields(http, 'sticky_session: true', 'consistent_hash: $request_uri'),
    withFields('secrets: [A]', 'env_vars: {A: 1}'),
    withFields('max_containers: "{vars.nope}"'),
  ];
  for (const spec of specs) {
    expect(problemsOf(spec)).not.toEqual([]);
    expect(validate(parse(spec))).toBe(true);
  }
});

test('every field is explained to editors, and its example is one', () => {
  const { properties } = jsonSchema() as { properties: Record<string, { description: string }> };
  expect(Object.keys(properties)).toEqual(Object.keys(fields));
  for (const [name, { meaning, example }] of Object.entries(fields)) {
    expect(properties[name]?.description).toContain(meaning);
    const lines = ['name: hello', 'image: AUTO', http, example].filter(
      (line, index, all) => index === all.length - 1 || !line.startsWith(`${name}:`),
    );
    const more = name === 'sticky_session_max_age' ? ['sticky_session: true'] : [];
    expect(problemsOf([...lines, ...more].join('\n'))).toEqual([]);
  }
});
