// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references of a spec.
import { describe, expect, test } from 'vitest';
import { serviceOf, withFields } from './reading.ts';

function filled(text: string, given = {}): string | undefined {
  const spec = withFields('env_vars:', `  A: '${text.replaceAll("'", "''")}'`);
  return serviceOf(spec, given).envVars[0]?.value;
}

describe('references', () => {
  test.each([
    ['{parent[domain]}', 'example.com'],
    ['{parent.domain}', 'example.com'],
    ['{vars.max}', '5'],
    ['{vars[max]}', '5'],
    ['{env.GITHUB_SHA}', '4f2a9c'],
    ['${vars.max}', '5'],
    ['${{ vars.max }}', '5'],
    ['${{vars.max}}', '5'],
    ['${{ parent[domain] }}', 'example.com'],
    ['{ vars.max }', '5'],
    ['a{vars.max}b{vars.max}{parent.region}c', 'a5b5us-east-1c'],
    ['{"max":{vars.max}}', '{"max":5}'],
    ['{"a":{"max":{vars.max}}}', '{"a":{"max":5}}'],
    ['{{{vars.max}}}', '{5}'],
    ['$ {vars.max}', '$ 5'],
  ])('%s → %s', (text, value) => {
    expect(filled(text)).toBe(value);
  });

  test('names may have dashes, dots and digits', () => {
    const variables = { 'a-b': '1', 'a.b': '2', '9': '3' };
    expect(filled('{vars.a-b}{vars.a.b}{vars[a.b]}{vars[9]}', { variables })).toBe('1223');
  });

  test('what is filled in is not read again', () => {
    expect(filled('{vars.a}', { variables: { a: '{vars.b}{{vars.b}}', b: 'no' } })).toBe('{vars.b}{{vars.b}}');
  });

  test('names of every object are not values', () => {
    expect(() => filled('{vars.constructor}')).toThrow('`constructor` is not in');
    expect(() => filled('{vars.__proto__}')).toThrow('`__proto__` is not in');
    expect(() => filled('{constructor.name}')).toThrow('there is no `constructor`');
  });
});

describe('what stays text', () => {
  test.each([
    '{"a":1}',
    '{"a":{"b":{}}}',
    '{a: b}',
    '{ }',
    '{}',
    '{x}',
    '{vars}',
    '${HOME}',
    '$(HOME)',
    '{2,4}',
    '{{ .Values.x }}',
    '{{ x }}',
    '{% if a.b %}',
    '{a.b c}',
    '{console.log("x")}',
    '{foo.}',
    '%d{HH:mm}',
    '{',
    '}}',
    '{{{{',
    'vars.max',
    '[vars.max]',
    '$$',
  ])('%s', (text) => {
    expect(filled(text)).toBe(text);
  });

  test.each([
    ['{{vars.max}}', '{vars.max}'],
    ['{{ vars.max }}', '{ vars.max }'],
    ['{{{{vars.max}}}}', '{{vars.max}}'],
    ['$${vars.max}', '${vars.max}'],
    ['$${{ vars.max }}', '${{ vars.max }}'],
    ['{{yyyy.MM}}', '{yyyy.MM}'],
    ['{{env.A:-b}}', '{env.A:-b}'],
    ['${{{vars.max}}}', '${5}'],
    ['{{vars.max}', '{5'],
    ['{vars.max}}', '5}'],
  ])('doubled: %s → %s', (text, value) => {
    expect(filled(text)).toBe(value);
  });
});

describe('fields', () => {
  test('numbers and booleans may be filled in', () => {
    const service = serviceOf(
      withFields(
        'port: {http: "{vars.port}"}',
        'max_containers: "{vars.max}"',
        'sticky_session: ${{ vars.sticky }}',
        'resource_request: {cpu: "{vars.cpu}", memory: "{vars.memory}"}',
      ),
      { variables: { port: '8080', max: '7', sticky: 'true', cpu: '250', memory: '1Gi' } },
    );
    expect(service.ports[0]?.port).toBe(8080);
    expect(service.containers.max).toBe(7);
    expect(service.stickySession).toEqual({ maxAgeSeconds: 86400 });
    expect(service.resources.requests).toEqual({ cpu: '250m', memory: '1Gi' });
  });

  test('text stays text, whatever it looks like', () => {
    const variables = { number: '1.10', word: 'true' };
    const spec = 'name: a\nimage: nginx:{vars.number}\nenv_vars: {A: "{vars.number}", B: "{vars.word}"}';
    expect(serviceOf(spec, { variables }).image).toEqual({ auto: false, reference: 'nginx:1.10' });
    expect(serviceOf(spec, { variables }).envVars.map(({ value }) => value)).toEqual(['1.10', 'true']);
  });

  test('any text of a spec may hold references', () => {
    const spec = [
      'name: "{vars.name}"',
      'image: ghcr.io/org/app:{env.GITHUB_SHA}',
      'port: {http: 80}',
      'healthcheck_path: /{vars.name}',
      'secrets: ["{vars.name}_TOKEN"]',
      'consistent_hash: $arg_{vars.name}',
    ].join('\n');
    const service = serviceOf(spec, { variables: { name: 'hello' } });
    expect(service).toMatchObject({
      name: 'hello',
      image: { reference: 'ghcr.io/org/app:4f2a9c' },
      probes: { livenessPath: '/hello', readinessPath: '/hello' },
      secrets: ['hello_TOKEN'],
      consistentHash: '$arg_hello',
    });
  });

  test('names of a map are not filled in', () => {
    expect(() => serviceOf(withFields('env_vars: {"{vars.max}": 1}'))).toThrow('the name "{vars.max}" in `env_vars`');
  });
});
