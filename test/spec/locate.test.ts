import { expect, test } from 'vitest';
import type { FieldPath } from '../../src/spec/service.ts';
import { located } from './reading.ts';

const spec = `# a service
name: hello
image: AUTO
port:
  http: 8080
env_vars:
  LOG_LEVEL: debug
  PORT: "8080"
secrets: [TOKEN, PASSWORD]
public_uri: /hello
resource_request: {cpu: 100}
healthcheck_path:
  /healthz
`;

test.each<[FieldPath, [number, number]]>([
  [[], [2, 1]],
  [['name'], [2, 7]],
  [['port'], [5, 3]],
  [
    ['port', 'http'],
    [5, 9],
  ],
  [
    ['port', 'http', 'deeper'],
    [5, 9],
  ],
  [['env_vars'], [7, 3]],
  [
    ['env_vars', 'PORT'],
    [8, 9],
  ],
  [
    ['env_vars', 'NOT_THERE'],
    [7, 3],
  ],
  [
    ['secrets', 1],
    [9, 18],
  ],
  [
    ['secrets', 'PASSWORD'],
    [9, 18],
  ],
  [
    ['secrets', 'NOT_THERE'],
    [9, 10],
  ],
  [
    ['public_uri', 0],
    [10, 13],
  ],
  [
    ['resource_request', 'cpu'],
    [11, 25],
  ],
  [
    ['resource_request', 'memory'],
    [11, 19],
  ],
  [['healthcheck_path'], [13, 3]],
  [['max_containers'], [2, 1]],
])('%j is at %j', (path, [line, column]) => {
  expect(located(spec).locate(path)).toEqual({ line, column });
});

test('a list of env_vars is found by name', () => {
  const service = located('name: a\nimage: AUTO\nenv_vars:\n  - name: A\n    value: 1\n  - {name: B, value: "2"}\n');
  expect(service.locate(['env_vars', 'A'])).toEqual({ line: 5, column: 12 });
  expect(service.locate(['env_vars', 'B'])).toEqual({ line: 6, column: 22 });
  expect(service.locate(['env_vars', 1])).toEqual({ line: 6, column: 5 });
});

test('an alias is where it is used, what is in it where it is written', () => {
  const service = located('name: &n hello\nimage: *n\nresource_request: &r {cpu: 100}\n');
  expect(service.locate(['name'])).toEqual({ line: 1, column: 10 });
  expect(service.locate(['image'])).toEqual({ line: 2, column: 8 });
  expect(service.locate(['resource_request', 'cpu'])).toEqual({ line: 3, column: 28 });
});

test('filled-in values are where their references are', () => {
  const service = located('name: a\nimage: AUTO\nport: {http: 80}\npublic_uri: ["{parent.domain}", "/{vars.max}"]\n');
  expect(service.locate(['public_uri', 1])).toEqual({ line: 4, column: 33 });
});

test('the file is the one that was named', () => {
  expect(located('name: a\nimage: AUTO', { file: 'deploy/api.yaml' }).file).toBe('deploy/api.yaml');
});
