import { expect, test } from 'vitest';
import { diagnose } from '../../src/rollout/diagnosis.ts';
import { cleanLog } from '../../src/rollout/evidence.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { readRecording } from './recording.ts';
import { replay } from './replay.ts';

/** What a person is told of a recorded failure, with a spec in which to find the field. */
function diagnosisOf(name: string, spec: string, log = '') {
  const parsed = parseSpec(spec, { file: 'deploy/service.yaml', parent: {}, variables: {}, env: {} });
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics));
  const located = parsed.services[0];
  const verdict = replay(readRecording(name)).at(-1);
  if (!located || verdict?.state !== 'failed') throw new Error('no failure to diagnose');
  const { finding } = verdict;
  const { pod, container, said } = finding;
  return diagnose(located, finding, {
    ...(pod !== undefined && { pod }),
    ...(container !== undefined && { container }),
    state: said,
    log: cleanLog(log, []),
    previous: true,
  });
}

const spec = `name: web
image: example.com/web:1
port: {http: 8080}
healthcheck_path: /healthz
secrets:
  - OTHER
  - TOKEN
resource_request:
  cpu: 100
`;

test.each([
  ['image-not-found', 2, 8],
  ['startup-500', 4, 19],
  ['startup-killed', 3, 7],
  ['secret-key-missing', 7, 5],
  ['secret-missing', 6, 3],
  // Not written: the field around it is.
  ['out-of-memory', 9, 3],
  ['unschedulable-cpu', 9, 8],
  // No field is to blame: the top of the service.
  ['pod-security', 1, 1],
])('%s points to line %i', (name, line, column) => {
  const { diagnostic } = diagnosisOf(name, spec);
  expect(diagnostic.file).toBe('deploy/service.yaml');
  expect([diagnostic.line, diagnostic.column]).toEqual([line, column]);
});

test('the headline says the cause, the details what to do and what proves it', () => {
  const { headline, details, diagnostic } = diagnosisOf(
    'crash-exit-1',
    spec,
    'starting\n\u001b[31mfatal:\u001b[0m giving up\n',
  );
  expect(headline).toBe('web does not become ready: the container ends with exit code 1 each time it is started.');
  expect(details).toEqual([
    expect.stringMatching(/^What to do: The container's last lines say why/),
    expect.stringMatching(/^What Kubernetes says of pod web-\S+: Error, exit code 1, 2 restarts$/),
    'The last lines of the container before this one, web:',
    '  starting',
    '  fatal: giving up',
  ]);
  expect(diagnostic.message).toMatch(
    /^The container ends with exit code 1 each time it is started\. The container's last/,
  );
});

test('a field that is not in the spec is named', () => {
  const { diagnostic } = diagnosisOf('out-of-memory', 'name: web\nimage: example.com/web:1\n');
  expect(diagnostic).toMatchObject({ line: 1, column: 1 });
  expect(diagnostic.message).toMatch(/is killed for it\. Raise .* \(`resource_request\.memory` is not set here\)$/);
});
