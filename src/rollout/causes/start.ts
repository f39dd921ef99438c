import { type Cause, type ContainerView, inContainers } from '../cause.ts';
import { newest } from '../views.ts';

const kubelet = 'https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet';

/** What was said of a container that could not be made or started, unless it runs or ran since. */
function refusedStart({ status, events }: ContainerView): string | undefined {
  const { waiting, running, terminated } = status?.state ?? {};
  if (running) return undefined;
  if (waiting?.reason && /^(RunContainer|CreateContainer)/.test(waiting.reason))
    return waiting.message ?? waiting.reason;
  const ended = terminated ?? status?.lastState?.terminated;
  // What has run cannot have been refused; "StartError" and "ContainerCannotRun" are ends of what never did.
  if (ended) return /^(StartError|ContainerCannotRun)$/.test(ended.reason ?? '') ? ended.message : undefined;
  const last = newest(events, 'Failed', 'Created', 'Started', 'Pulled');
  return last?.reason === 'Failed' ? last.message : undefined;
}

const noProgram =
  /exec: "?([^":]*)"?: .*?(no such file or directory|not found in \$PATH|permission denied|is a directory|exec format error)/i;
const noSource = /(secret|configmap) "([^"]+)" not found/i;
const noKey = /couldn't find key (\S+) in (Secret|ConfigMap) \S*?\/?([^/\s]+)$/i;

function whyNot(problem: string, program: string): string {
  if (/no such file/i.test(problem)) return `the image has no file ${program}, which is to be started`;
  if (/\$PATH/.test(problem)) return `the image has no program ${program} on its PATH, which is to be started`;
  if (/format/i.test(problem)) return `${program} in the image is no program for the processor of the node`;
  return `${program} in the image may not be executed`;
}

/** "a Secret web-secrets" from the kubelet's `secret "web-secrets" not found`. */
function missing(said: string): { sentence: string; name?: string } | undefined {
  const source = noSource.exec(said);
  if (source) {
    const kind = source[1]?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
    return { sentence: `the ${kind} ${source[2]}, which the pods need, does not exist` };
  }
  const key = noKey.exec(said);
  if (!key) return undefined;
  return {
    sentence: `the ${key[2]} ${key[3]} has no key ${key[1]}, which the pods need`,
    ...(key[1] && { name: key[1] }),
  };
}

export const startCauses: readonly Cause[] = [
  {
    id: 'command-not-found',
    title: 'Command not found or not executable',
    sign: 'RunContainerError, "no such file or directory", "not found in $PATH", "permission denied", "exec format error"',
    advice: "Correct the ENTRYPOINT or CMD of the image's Dockerfile: the file has to be in the image and executable.",
    grace: 'none',
    why: 'The same image starts the same way. Other start errors (exit code 128) can be trouble of a node: they are crashes.',
    source: 'https://github.com/opencontainers/runc/blob/v1.2.6/libcontainer/standard_init_linux.go',
    of: 'pod',
    inEveryPod: true,
    find: (view) =>
      inContainers(view, (container) => {
        const said = refusedStart(container);
        const found = noProgram.exec(said ?? '');
        if (!said || !found) return undefined;
        const written = container.spec.command !== undefined;
        return {
          sentence: whyNot(found[2] ?? '', found[1] ?? ''),
          said,
          fields: written ? [['commands'], ['image']] : [['image']],
          grace: 0,
        };
      }),
  },
  {
    id: 'config-missing',
    title: 'Secret, ConfigMap or key missing',
    sign: 'CreateContainerConfigError, "couldn\'t find key", "not found"; FailedMount',
    advice: 'Give the value in the input secrets, or add it to the Secret by hand, or take the name off the list.',
    grace: 'none',
    why: 'Nobody makes it later: what a deploy makes itself is there before the pods.',
    source: `${kubelet}/kubelet_pods.go`,
    of: 'pod',
    inEveryPod: true,
    find: (view) => {
      const inStart = inContainers(view, (container) => {
        const said = refusedStart(container);
        const found = missing(said?.trim() ?? '');
        if (!said || !found) return undefined;
        const fields = found.name === undefined ? [['secrets']] : [['secrets', found.name]];
        return { sentence: found.sentence, said, fields, grace: 0 };
      });
      if (inStart) return inStart;
      if (view.containers.some(({ status }) => status?.state?.running || status?.lastState?.terminated))
        return undefined;
      const event = newest(view.events, 'FailedMount');
      const found = missing(event?.message ?? '');
      return found && { sentence: found.sentence, said: event?.message ?? '', fields: [['secrets']], grace: 0 };
    },
  },
  {
    id: 'container-refused',
    title: 'Container cannot be made',
    sign: 'CreateContainerConfigError, CreateContainerError, RunContainerError',
    advice: 'What Kubernetes says below names what it cannot do for this container.',
    grace: 'none for CreateContainerConfigError; 30 s for the others and for "failed to sync secret cache"',
    why: 'A configuration is wrong the same way each time; a node may be busy, or not have read a Secret yet.',
    source: 'https://github.com/kubernetes/kubernetes/pull/75260',
    of: 'pod',
    inEveryPod: false,
    find: (view) =>
      inContainers(view, (container) => {
        const waiting = container.status?.state?.waiting;
        const said = refusedStart(container);
        // Before anything is in the status, an event says also what other rows are about: a failed pull.
        if (!said || !/^(RunContainer|CreateContainer)/.test(waiting?.reason ?? '')) return undefined;
        const cause = said.replace(/ \(pod: .*\)$/, '').split('\n')[0] ?? '';
        const passes = waiting?.reason !== 'CreateContainerConfigError' || /failed to sync \S+ cache/.test(said);
        return {
          sentence: `the container cannot be made: ${cause.slice(0, 200)}`,
          said,
          fields: [['image']],
          grace: passes ? 30 : 0,
        };
      }),
  },
  {
    id: 'sandbox-refused',
    title: 'Pod cannot be set up on its node',
    sign: 'FailedCreatePodSandBox',
    advice: 'Look at the node and its network plugin; on EKS the usual reason is a subnet without free addresses.',
    grace: '2 min',
    why: 'The kubelet tries again, and addresses come free as other pods end.',
    source: 'https://docs.aws.amazon.com/eks/latest/best-practices/ip-opt.html',
    of: 'pod',
    inEveryPod: false,
    find: ({ events }) => {
      const event = newest(events, 'FailedCreatePodSandBox', 'Pulled', 'Pulling', 'Created', 'Started');
      if (event?.reason !== 'FailedCreatePodSandBox') return undefined;
      const said = event.message ?? '';
      const cause = said.replace(/^Failed to create pod sandbox: /, '').replace(/^rpc error: code = \w+ desc = /, '');
      return { sentence: `the node cannot set the pod up: ${cause.slice(0, 200)}`, said, fields: [], grace: 120 };
    },
  },
];
