import type { Change } from '../workload.ts';
import { healthcheck, real, type Scenarios, scratch, spec } from './scenario.ts';

const command =
  (...words: string[]): Change =>
  (pod) => {
    pod.containers[0].command = words;
  };

const secretEnv: Change = (pod) => {
  const secretKeyRef = { name: 'web-secrets', key: 'TOKEN' };
  pod.containers[0].env = [{ name: 'TOKEN', valueFrom: { secretKeyRef } }];
};

const secretVolume: Change = (pod) => {
  pod.volumes = [{ name: 'certificate', secret: { secretName: 'certificate' } }];
  pod.containers[0].volumeMounts = [{ name: 'certificate', mountPath: '/certificate' }];
};

const inSeconds = (count: number) => Math.ceil(Date.now() / 1_000) + count;

export const processes: Scenarios = {
  'command-not-found': { how: real, spec: () => spec(), change: command('/no/such/program'), seconds: 10 },
  'command-not-in-path': { how: real, spec: () => spec(), change: command('no-such-program'), seconds: 6 },
  'command-not-allowed': {
    how: `${real} The command is a folder.`,
    spec: () => spec(),
    change: command('/proc'),
    seconds: 6,
  },
  'crash-exit-1': { how: real, spec: () => spec({ EXIT_CODE: 1 }), seconds: 60 },
  'crash-exit-0': { how: real, spec: () => spec({ EXIT_CODE: 0 }), seconds: 60 },
  'crash-signal': {
    how: `${real} The process kills itself; it shares the pod's process namespace, for the first one of a namespace cannot.`,
    spec: () => spec({ SIGNAL: 9 }),
    change: (pod) => {
      pod.shareProcessNamespace = true;
    },
    seconds: 60,
  },
  'crash-heals': {
    how: `${real} It ends with exit code 1 until what it needs is there, 8 s after the Deployment is applied.`,
    spec: () => spec({ NEEDS_TIME: inSeconds(8) }, healthcheck),
    seconds: 60,
  },
  'out-of-memory': {
    how: real,
    spec: () => spec({ HOG: 200 }, 'resource_request: {cpu: 100, memory: 24}\n'),
    seconds: 30,
  },
  'out-of-memory-heals': {
    how: `${real} The first container of the pod takes too much memory, the second does not.`,
    spec: () => spec({ HOG: 200, ONCE: '/scratch/once' }, `resource_request: {cpu: 100, memory: 24}\n${healthcheck}`),
    change: scratch,
    seconds: 30,
  },
  'secret-missing': { how: `${real} The Secret is not there.`, spec: () => spec(), change: secretEnv, seconds: 6 },
  'secret-key-missing': {
    how: `${real} The Secret is there, without the key.`,
    spec: () => spec({}, 'secrets: [OTHER]\n'),
    change: secretEnv,
    seconds: 6,
  },
  'config-map-missing': {
    how: real,
    spec: () => spec(),
    change: (pod) => {
      pod.containers[0].envFrom = [{ configMapRef: { name: 'settings' } }];
    },
    seconds: 6,
  },
  'secret-volume-missing': {
    how: `${real} A volume is of a Secret that is not there.`,
    spec: () => spec(),
    change: secretVolume,
    seconds: 10,
  },
  'container-refused': {
    how: `${real} The pod asks for a user other than root, and the image has none.`,
    spec: () => spec(),
    change: (pod) => {
      pod.containers[0].securityContext = { runAsNonRoot: true };
    },
    seconds: 20,
  },
  'sandbox-refused': {
    how: `${real} The pod asks for a host name that is too long for Linux.`,
    spec: () => spec(),
    change: (pod) => {
      pod.setHostnameAsFQDN = true;
      pod.hostname = 'a'.repeat(60);
      pod.subdomain = 'web';
    },
    seconds: 20,
  },
};
