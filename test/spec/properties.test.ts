// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references of a spec.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSpec } from '../../src/spec/parse.ts';
import type { Service } from '../../src/spec/service.ts';
import { located, options } from './reading.ts';

/** Pieces that specs are made of, whole and broken, so that random text gets further than the first line. */
const pieces = fc.constantFrom(
  'name: hello\n',
  'image: AUTO\n',
  'port: {http: 8080}\n',
  'port:\n  tcp: ',
  'env_vars:\n',
  '  A: 1\n',
  '  - {name: A, value: 1}\n',
  'secrets: [A, B]\n',
  'links: [a, {b: [c, {d: E}]}]\n',
  'public_uri: ',
  'resource_request: {cpu: ',
  'consistent_hash: $',
  'healthcheck_path: ',
  '&a ',
  '*a',
  '<<: ',
  '"{vars.max}"',
  '${{ vars.x }}',
  '{parent[domain]}',
  '{{env.X}}',
  '!!binary ',
  '!t ',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n ',
  '>-\n ',
  '\t',
  '\r\n',
  '\n',
  ' ',
  ': ',
  '- ',
  '? ',
  '#',
  ',',
  '1',
  '-1',
  '1.5',
  '.nan',
  '0x1F',
  'true',
  'null',
  '~',
  '\u{1F600}',
  '\u2028',
  '\0',
  '\uFEFF',
  '\uD800',
  '__proto__: ',
  'constructor: ',
);

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes)),
  fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 30 }).map((parts) => parts.join('')),
);

test('any text is services or problems, each inside the file', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const result = parseSpec(text, options);
      if ('services' in result) {
        expect(result.services).toHaveLength(1);
        return;
      }
      expect(result.diagnostics.length).toBeGreaterThan(0);
      const lines = text.split('\n');
      for (const { line, column, message } of result.diagnostics) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        expect(message).not.toMatch(/Invalid input|undefined|\[object|[\r\n]/);
        expect(message).toMatch(/[.?]$/);
      }
      const places = result.diagnostics.map(({ line, column }) => line * 1e6 + column);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
    { numRuns: 3000 },
  );
});

const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 });
const envName = fc.tuple(fc.constantFrom('A_', '_', 'x.'), word).map((parts) => parts.join(''));
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);

/** A service as someone means it, with what that is in YAML: JSON is YAML too. */
const meant = fc
  .record({
    name: word,
    image: fc.oneof(
      fc.constant('AUTO'),
      fc.tuple(word, word).map(([repository, tag]) => `${repository}:${tag}`),
    ),
    port: fc.oneof(
      fc.integer({ min: 1, max: 65535 }).map((http) => ({ http })),
      fc.integer({ min: 1, max: 65535 }).map((tcp) => ({ tcp })),
    ),
    containers: fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat({ max: 50 })),
    secrets: fc.uniqueArray(
      word.map((name) => `S_${name}`),
      { maxLength: 4 },
    ),
    envVars: fc.uniqueArray(fc.tuple(envName, fc.oneof(fc.string(), fc.integer(), fc.boolean())), {
      selector: ([name]) => name,
      maxLength: 6,
    }),
    asList: fc.boolean(),
    indent: fc.constantFrom(0, 2),
    health: path,
    uris: fc.uniqueArray(path, { maxLength: 3 }),
    cpu: fc.integer({ min: 10, max: 9999 }),
    memory: fc.integer({ min: 10, max: 9999 }),
  })
  .map(({ containers: [min, above], ...rest }) => ({ ...rest, min, max: min + above }));

test('a valid spec is the service that was meant, and each field is found where it is written', () => {
  fc.assert(
    fc.property(meant, (service) => {
      const http = 'http' in service.port;
      const fields = {
        name: service.name,
        image: service.image,
        port: service.port,
        min_containers: service.min,
        max_containers: service.max,
        secrets: service.secrets,
        env_vars: service.asList
          ? service.envVars.map(([name, value]) => ({ name, value: value }))
          : Object.fromEntries(service.envVars.map(([name, value]) => [name, value])),
        ...(http && { healthcheck_path: service.health, public_uri: service.uris }),
        resource_request: { cpu: service.cpu, memory: service.memory },
      };
      const text = JSON.stringify(fields, null, service.indent);
      const { service: read, locate } = located(text);
      const wanted: Partial<Service> = {
        name: service.name,
        image: service.image === 'AUTO' ? { auto: true } : { auto: false, reference: service.image },
        containers: { min: service.min, max: service.max },
        secrets: service.secrets,
        envVars: service.envVars.map(([name, value]) => ({ name, value: String(value) })),
        probes: http ? { livenessPath: service.health, readinessPath: service.health } : {},
        publicUris: http ? service.uris.map((uri) => ({ path: uri })) : [],
      };
      expect(read).toMatchObject(wanted);
      for (const [key, value] of Object.entries(fields)) {
        const { line, column } = locate([key]);
        const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
        expect(rest).toMatch(Array.isArray(value) ? /^\[/ : typeof value === 'object' ? /^\{/ : /^["0-9]/);
      }
    }),
    { numRuns: 500 },
  );
});

test('values of the environment never come into messages', () => {
  const secret = fc.string({ unit: fc.constantFrom('Z', 'Q', '9', ' '), minLength: 12, maxLength: 20 });
  const fields = ['name', 'image', 'min_containers', 'healthcheck_path', 'public_uri', 'consistent_hash', 'port'];
  fc.assert(
    fc.property(secret, fc.constantFrom(...fields), fc.constantFrom('', 'https://', 'A'), (value, field, before) => {
      const text = `${field}: "${before}{env.TOKEN}"\nsecrets: ["{env.TOKEN}"]\nresource_request: {cpu: "{env.TOKEN}"}\n`;
      const result = parseSpec(text, { ...options, env: { TOKEN: value } });
      const messages = 'diagnostics' in result ? result.diagnostics.map(({ message }) => message) : [];
      expect(messages.length).toBeGreaterThan(0);
      for (const message of messages) expect(message).not.toContain(value.trim().slice(0, 6));
    }),
  );
});
