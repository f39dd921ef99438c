import { expect, test } from 'vitest';
import { causes } from '../../src/rollout/causes.ts';
import { readRecording, recordingNames } from './recording.ts';
import { type Moment, replay } from './replay.ts';

/** Recordings that must fail: by which row, blaming which field, saying what, and how many seconds after its first sign. */
const failures: Readonly<Record<string, readonly [cause: string, field: string, sentence: RegExp, seconds: number]>> = {
  'image-not-found': ['image-not-found', 'image', /:1-no-such-tag does not exist in its registry$/, 30],
  'image-not-found-by-digest': ['image-not-found', 'image', /@sha256:0+ does not exist/, 0],
  'image-name-invalid': ['image-name-invalid', 'image', /"\S+\/Web:1" is not the name of an image/, 0],
  'image-unauthorized': ['image-unauthorized', 'image', /not allowed to pull the image \S+\/bed\/fixture:1$/, 0],
  'image-wrong-password': ['image-unauthorized', 'image', /not allowed to pull/, 0],
  'image-of-other-platform': ['image-platform', 'image', /no variant for the processor/, 0],
  'exec-format-error': ['image-platform', 'image', /another processor .*exec format error/, 0],
  'registry-429': ['image-pull-failing', 'image', /its registry answers 429, too many requests$/, 120],
  'registry-503': ['image-pull-failing', 'image', /its registry answers 503$/, 120],
  'registry-down': ['image-pull-failing', 'image', /nothing listens at the address of its registry$/, 120],
  'registry-unknown': ['image-pull-failing', 'image', /name cannot be looked up$/, 120],
  'command-not-found': ['command-not-found', 'commands', /no file \/no\/such\/program, which is to be started/, 0],
  'command-not-in-path': ['command-not-found', 'commands', /no program no-such-program on its PATH/, 0],
  'command-not-allowed': ['command-not-found', 'commands', /\/proc in the image may not be executed/, 0],
  'crash-exit-1': ['crash-loop', 'image', /ends with exit code 1 each time/, 30],
  'crash-exit-0': ['crash-loop', 'image', /ends by itself with exit code 0/, 30],
  'crash-signal': ['crash-loop', 'image', /ended by a signal \(exit code 137, SIGKILL\)/, 30],
  'broken-update': ['crash-loop', 'image', /ends with exit code 1 each time/, 30],
  'out-of-memory': ['out-of-memory', 'resource_request.memory', /limit of 48Mi and is killed/, 30],
  'secret-missing': ['config-missing', 'secrets', /the Secret web-secrets, which the pods need, does not exist/, 0],
  'secret-key-missing': ['config-missing', 'secrets.TOKEN', /the Secret web-secrets has no key TOKEN/, 0],
  'config-map-missing': ['config-missing', 'secrets', /the ConfigMap settings, which/, 0],
  'secret-volume-missing': ['config-missing', 'secrets', /the Secret certificate, which/, 0],
  'container-refused': ['container-refused', 'image', /runAsNonRoot and image will run as root$/, 0],
  'sandbox-refused': ['sandbox-refused', '', /the node cannot set the pod up: .*FQDN/, 120],
  'readiness-500': ['readiness-failing', 'readiness_probe_path', /gets status 500 from \/healthz on port 8080$/, 21],
  'readiness-refused': ['readiness-failing', 'port', /finds nothing that listens on port 8080$/, 80],
  'startup-500': ['startup-failing', 'liveness_probe_path', /startup probe gets status 500 from \/healthz/, 30],
  'startup-404': ['startup-failing', 'liveness_probe_path', /startup probe gets status 404 from \/healthz/, 30],
  'startup-killed': ['startup-failing', 'port', /nothing that listens on port 8080 for as long as it may/, 20],
  'liveness-killed': ['liveness-failing', 'liveness_probe_path', /status 500 .* restarted for it$/, 20],
  'unschedulable-cpu': ['unschedulable', 'resource_request.cpu', /as much cpu left .*1 Insufficient cpu/, 60],
  'unschedulable-memory': ['unschedulable', 'resource_request.memory', /as much memory left/, 60],
  'unschedulable-taint': ['unschedulable', 'tolerations', /taints that the pods do not tolerate/, 60],
  'one-of-two-unschedulable': ['unschedulable', 'min_containers', /far enough from the other pods/, 60],
  'volume-not-bound': [
    'volume-unavailable',
    'persistent_storage',
    /PersistentVolumeClaim of the pods has no volume/,
    120,
  ],
  'volume-claim-missing': [
    'volume-unavailable',
    'persistent_storage',
    /PersistentVolumeClaim data does not exist/,
    120,
  ],
  'volume-not-mounted': ['volume-unavailable', 'persistent_storage', /cannot be mounted: "data"/, 120],
  'quota-exceeded': ['quota-exceeded', 'resource_request.memory', /quota small .*limit requests.memory=32Mi/, 0],
  'quota-pods': ['quota-exceeded', 'min_containers', /requested pods=1, used pods=0, limit pods=0/, 0],
  'limit-range': ['limit-range', 'resource_request.memory', /maximum memory usage per Container is 32Mi/, 0],
  'pod-security': ['pod-security', '', /level restricted:latest refuses the pods: .*runAsNonRoot/, 0],
  'admission-denied': ['admission-refused', '', /denied request: every pod needs the label team$/, 0],
  'webhook-down': ['webhook-unavailable', '', /webhook pods\.policy\.example\.com, .*does not answer/, 60],
  'progress-deadline': ['progress-deadline', 'timeout', /no progress for 8 s$/, 0],
};

/** Recordings of rollouts that end well, and the row whose grace they need. */
const recoveries: Readonly<Record<string, string | undefined>> = {
  healthy: undefined,
  'healthy-update': undefined,
  'update-of-broken': undefined,
  'image-not-found-heals': 'image-not-found',
  'registry-503-heals': 'image-pull-failing',
  'crash-heals': 'crash-loop',
  'out-of-memory-heals': 'out-of-memory',
  'readiness-heals': 'readiness-failing',
  'readiness-slow-start-heals': 'readiness-failing',
  'startup-heals': 'startup-failing',
  'startup-503-heals': 'startup-failing',
  'startup-slow-heals': 'startup-failing',
  'liveness-heals': 'liveness-failing',
  'unschedulable-heals': 'unschedulable',
  'autoscaler-adds-node': 'unschedulable',
  'one-of-two-unschedulable-heals': 'unschedulable',
  'volume-bound-late': 'volume-unavailable',
  'sandbox-refused-heals': 'sandbox-refused',
  'quota-heals': 'quota-exceeded',
  'webhook-down-heals': 'webhook-unavailable',
  'node-lost': 'node-lost',
  'autoscaler-without-metrics': 'autoscaler-blind',
};

/** True when a row matches, whether or not it is told yet. */
const sees = ({ memory }: Moment, cause: string) =>
  Object.keys(memory.findings).some((key) => key.startsWith(`${cause} `));

test('every recording is one or the other', () => {
  expect([...Object.keys(failures), ...Object.keys(recoveries)].sort()).toEqual(recordingNames().sort());
});

test.each(Object.entries(failures))('%s fails with its cause', (name, [cause, field, sentence, seconds]) => {
  const moments = replay(readRecording(name));
  const verdict = moments.at(-1);
  if (verdict?.state !== 'failed') throw new Error(`ended ${verdict?.state}: ${verdict?.message}`);
  expect(verdict.finding.cause.id).toBe(cause);
  expect(verdict.cause).toMatch(sentence);
  expect(verdict.finding.fields[0]?.join('.') ?? '').toBe(field);
  expect(verdict.finding.said).not.toBe('');
  // Not a moment before it can be known, and as soon as that: no grace is neither forgotten nor made up.
  const first = moments.find((moment) => sees(moment, cause));
  expect((verdict.at - (first?.at ?? verdict.at)) / 1_000).toBeLessThanOrEqual(seconds);
});

test.each(Object.entries(recoveries))('%s ends well', (name, cause) => {
  const moments = replay(readRecording(name));
  expect(moments.at(-1)).toMatchObject({ state: 'complete' });
  // Without what the row waits for there would be nothing to recover from.
  if (cause !== undefined) expect(moments.some((moment) => sees(moment, cause))).toBe(true);
  else expect(moments.flatMap(({ warnings }) => warnings)).toEqual([]);
});

test('without Events a rollout that recovers still ends well, and most causes are still told', () => {
  for (const name of Object.keys(recoveries)) {
    if (name === 'autoscaler-adds-node') continue;
    expect([name, replay(readRecording(name), { withoutEvents: true }).at(-1)?.state]).toEqual([name, 'complete']);
  }
  const untold = Object.entries(failures).filter(([name, [cause]]) => {
    const verdict = replay(readRecording(name), { withoutEvents: true }).at(-1);
    return verdict?.state !== 'failed' || verdict.finding.cause.id !== cause;
  });
  // The status of a pod says nothing of these.
  expect(untold.map(([name]) => name)).toEqual([
    'secret-volume-missing',
    'sandbox-refused',
    'liveness-killed',
    'volume-not-mounted',
  ]);
});

test('every row has a recording in which it is seen', () => {
  const seen = new Set([...Object.values(failures).map(([cause]) => cause), ...Object.values(recoveries)]);
  expect(causes.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
});

test('every row that waits has a recording that recovers', () => {
  const waits = Object.values(failures).flatMap(([cause, , , seconds]) => (seconds > 0 ? [cause] : []));
  expect([...new Set(waits)].filter((cause) => !Object.values(recoveries).includes(cause))).toEqual([]);
});
