import { describe, expect, test } from 'vitest';
import { serviceOf, withFields } from './reading.ts';

const http = 'port: {http: 8080}';

test('a spec of two lines is a service with every default filled in', () => {
  expect(serviceOf('name: hello\nimage: AUTO\n')).toEqual({
    name: 'hello',
    image: { auto: true },
    ports: [],
    containers: { min: 1, max: 3 },
    autoscaling: { cpuPercentage: 80, memoryPercentage: 80 },
    envVars: [],
    secrets: [],
    probes: {},
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '200m', memory: '256Mi' } },
    publicUris: [],
  });
});

test('every field', () => {
  const spec = `
name: hello
image: ghcr.io/org/hello:1.0
port:
  http: 3000
min_containers: 2
max_containers: 5
autoscaling_target_cpu_percentage: 70
autoscaling_target_mem_percentage: 90
secrets: [TOKEN]
env_vars:
  LOG_LEVEL: debug
healthcheck_path: /healthz
liveness_probe_path: alive
sticky_session: true
sticky_session_max_age: 60
resource_request:
  cpu: 250
  memory: 1Gi
public_uri:
  - "hello.{parent[domain]}"
  - /hello/
additional_iam_policies: []
links: []
`;
  expect(serviceOf(spec)).toEqual({
    name: 'hello',
    image: { auto: false, reference: 'ghcr.io/org/hello:1.0' },
    ports: [{ name: 'http', type: 'http', port: 3000, servicePort: 80 }],
    containers: { min: 2, max: 5 },
    autoscaling: { cpuPercentage: 70, memoryPercentage: 90 },
    envVars: [{ name: 'LOG_LEVEL', value: 'debug' }],
    secrets: ['TOKEN'],
    probes: { livenessPath: '/alive', readinessPath: '/healthz' },
    stickySession: { maxAgeSeconds: 60 },
    resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: '500m', memory: '2Gi' } },
    publicUris: [{ host: 'hello.example.com', path: '/' }, { path: '/hello' }],
  });
});

test.each(['a', 'a1', 'a-b', 'a--b', `a${'b'.repeat(51)}`])('name %s', (name) => {
  expect(serviceOf(`name: ${name}\nimage: AUTO`).name).toBe(name);
});

describe('image', () => {
  test.each(['AUTO', 'auto', 'Auto'])('%s is built', (image) => {
    expect(serviceOf(`name: hello\nimage: ${image}`).image).toEqual({ auto: true });
  });
  test.each([
    'nginx',
    'nginx:1.29',
    'library/nginx',
    'automatic',
    'ghcr.io/org/a_b/c-d.e__f:V1.0_x',
    'localhost/app',
    'localhost:5000/app:1',
    'Registry.example.com:443/app',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com/layer/hello:abc',
    `nginx@sha256:${'0a'.repeat(32)}`,
    `nginx:1.29@sha256:${'0a'.repeat(32)}`,
  ])('%s is used as given', (image) => {
    expect(serviceOf(`name: hello\nimage: ${image}`).image).toEqual({ auto: false, reference: image });
  });
});

describe('port', () => {
  test('http is served on port 80', () => {
    expect(serviceOf(withFields('port: {http: 8080}')).ports).toEqual([
      { name: 'http', type: 'http', port: 8080, servicePort: 80 },
    ]);
  });
  test.each([1, 5432, 65535])('tcp %d is served on its own number', (port) => {
    expect(serviceOf(withFields(`port: {tcp: ${port}}`)).ports).toEqual([
      { name: 'tcp', type: 'tcp', port, servicePort: port },
    ]);
  });
});

test.each([[[0, 0]], [[1, 1]], [[2, 200]]])('containers from %j', ([min = 0, max = 0]) => {
  expect(serviceOf(withFields(`min_containers: ${min}`, `max_containers: ${max}`)).containers).toEqual({ min, max });
});

describe('env_vars', () => {
  test('keep the text of the file', () => {
    const spec = withFields(
      'env_vars:',
      '  FLOAT: 1.10',
      '  HEX: 0x1F',
      '  OCTAL: 0o17',
      '  LEADING: 007',
      '  EXPONENT: 1e3',
      '  LONG: 12345678901234567890',
      '  "YES": yes',
      '  BOOLEAN: True',
      '  DATE: 2026-11-22',
      '  TIME: 12:30:45',
      '  QUOTED: "1.10"',
      '  EMPTY: ""',
      "  NULL_TEXT: 'null'",
      '  LINES: |',
      '    one',
      '    two',
      '  FOLDED: >-',
      '    one',
      '    two',
      '  ESCAPED: "a\\tb\\u0041"',
      '  INFINITE: .inf',
    );
    expect(Object.fromEntries(serviceOf(spec).envVars.map(({ name, value }) => [name, value]))).toEqual({
      FLOAT: '1.10',
      HEX: '0x1F',
      OCTAL: '0o17',
      LEADING: '007',
      EXPONENT: '1e3',
      LONG: '12345678901234567890',
      YES: 'yes',
      BOOLEAN: 'True',
      DATE: '2026-11-22',
      TIME: '12:30:45',
      QUOTED: '1.10',
      EMPTY: '',
      NULL_TEXT: 'null',
      LINES: 'one\ntwo\n',
      FOLDED: 'one two',
      ESCAPED: 'a\tbA',
      INFINITE: '.inf',
    });
  });

  test('are the same as a map and as a list, in the order of the file', () => {
    const map = serviceOf(withFields('env_vars: {B: 1.10, A: x, C: false}')).envVars;
    const list = serviceOf(
      withFields('env_vars:', '  - {name: B, value: 1.10}', '  - {name: A, value: x}', '  - {value: false, name: C}'),
    ).envVars;
    expect(list).toEqual(map);
    expect(map).toEqual([
      { name: 'B', value: '1.10' },
      { name: 'A', value: 'x' },
      { name: 'C', value: 'false' },
    ]);
  });

  test.each(['A', '_', 'a1', 'discovery.type', 'MY-VAR', '.a', '-a', 'constructor', 'toString'])(
    'may be named %s, as in Kubernetes',
    (name) => {
      expect(serviceOf(withFields('env_vars:', `  ${name}: 1`)).envVars).toEqual([{ name, value: '1' }]);
    },
  );

  test('come through anchors and merge keys, and the nearer one wins', () => {
    const spec = withFields('env_vars:', '  <<: [{A: 1, B: 2}, {B: 3, C: 4}]', '  A: 5');
    expect(serviceOf(spec).envVars).toEqual([
      { name: 'A', value: '5' },
      { name: 'B', value: '2' },
      { name: 'C', value: '4' },
    ]);
    expect(serviceOf(withFields('env_vars:', '  A: 5', '  <<: {A: 1}')).envVars).toEqual([{ name: 'A', value: '5' }]);
  });
});

describe('probes', () => {
  test.each([
    ['healthcheck_path: /a', { livenessPath: '/a', readinessPath: '/a' }],
    ['healthcheck_path: a/b?c=d', { livenessPath: '/a/b?c=d', readinessPath: '/a/b?c=d' }],
    ['liveness_probe_path: /a', { livenessPath: '/a' }],
    ['readiness_probe_path: /', { readinessPath: '/' }],
  ])('%s', (field, probes) => {
    expect(serviceOf(withFields(http, field)).probes).toEqual(probes);
  });
  test('the single paths override the common one', () => {
    const fields = ['healthcheck_path: /a', 'liveness_probe_path: b', 'readiness_probe_path: /c%20d'];
    expect(serviceOf(withFields(http, ...fields)).probes).toEqual({ livenessPath: '/b', readinessPath: '/c%20d' });
  });
});

describe('public_uri', () => {
  test.each([
    ['"*"', { path: '/' }],
    ['/', { path: '/' }],
    ['/Hello/', { path: '/Hello' }],
    ['/a/b.c/~d_e-f', { path: '/a/b.c/~d_e-f' }],
    ['"*/hello"', { path: '/hello' }],
    ['Hello.Example.COM', { host: 'hello.example.com', path: '/' }],
    ['example.com/', { host: 'example.com', path: '/' }],
    ['example.com/Hello/', { host: 'example.com', path: '/Hello' }],
    ['"*.example.com/a"', { host: '*.example.com', path: '/a' }],
    ['"{parent[domain]}/a"', { host: 'example.com', path: '/a' }],
    ['"a.b.{parent.domain}"', { host: 'a.b.example.com', path: '/' }],
  ])('%s', (text, uri) => {
    expect(serviceOf(withFields(http, `public_uri: ${text}`)).publicUris).toEqual([uri]);
    expect(serviceOf(withFields(http, `public_uri: [${text}]`)).publicUris).toEqual([uri]);
  });
  test('may be any host when the domain of the parent is not known', () => {
    const spec = withFields(http, 'public_uri: hello.example.org');
    expect(serviceOf(spec, { parent: {} }).publicUris).toEqual([{ host: 'hello.example.org', path: '/' }]);
  });
  test('is compared with the domain whatever its case and last dot', () => {
    const spec = withFields(http, 'public_uri: hello.example.com');
    expect(serviceOf(spec, { parent: { domain: 'Example.com.' } }).publicUris).toHaveLength(1);
  });
  test('may be empty without a port', () => {
    expect(serviceOf(withFields('public_uri: []', 'sticky_session: false')).publicUris).toEqual([]);
  });
});

test.each(['$request_uri', '$remote_addr', '$http_x_user', '$cookie_session', '$arg_id'])(
  'consistent_hash %s',
  (variable) => {
    expect(serviceOf(withFields(http, `consistent_hash: ${variable}`)).consistentHash).toBe(variable);
  },
);

describe('sticky_session', () => {
  test('lasts a day', () => {
    expect(serviceOf(withFields(http, 'sticky_session: true')).stickySession).toEqual({ maxAgeSeconds: 86400 });
  });
  test('may be off and keep its age, and the hash, for other environments', () => {
    const service = serviceOf(
      withFields(http, 'sticky_session: false', 'sticky_session_max_age: 60', 'consistent_hash: $request_uri'),
    );
    expect(service).not.toHaveProperty('stickySession');
    expect(service.consistentHash).toBe('$request_uri');
  });
});

test.each([
  ['{cpu: 500}', { cpu: '500m', memory: '128Mi' }, { cpu: '1', memory: '256Mi' }],
  ['{memory: 512}', { cpu: '100m', memory: '512Mi' }, { cpu: '200m', memory: '1Gi' }],
  ['{cpu: "1", memory: 1.5Gi}', { cpu: '1', memory: '1536Mi' }, { cpu: '2', memory: '3Gi' }],
  ['{cpu: 250m, memory: 500M}', { cpu: '250m', memory: '500M' }, { cpu: '500m', memory: '1G' }],
  ['{}', { cpu: '100m', memory: '128Mi' }, { cpu: '200m', memory: '256Mi' }],
])('resource_request %s', (request, requests, limits) => {
  expect(serviceOf(withFields(`resource_request: ${request}`)).resources).toEqual({ requests, limits });
});
