import { type Cause, inContainers, type Match, type PodView } from '../cause.ts';
import { type FailedPull, failedPull } from '../pull.ts';
import { newest } from '../views.ts';

const kubelet = 'https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet';
const field = [['image']];

const pull =
  (
    kind: FailedPull['kind'] | readonly FailedPull['kind'][],
    say: (pull: FailedPull) => Omit<Match, 'said' | 'fields'>,
  ) =>
  (view: PodView): Match | undefined =>
    inContainers(view, (container) => {
      const found = failedPull(container);
      if (!found || !(typeof kind === 'string' ? kind === found.kind : kind.includes(found.kind))) return undefined;
      return { said: found.said, fields: field, ...say(found) };
    });

/** What a registry that is asked in vain says, in a few words. */
function trouble(said: string): string {
  if (/\b429\b|toomanyrequests|rate ?limit/i.test(said)) return 'its registry answers 429, too many requests';
  const status = /\b(5\d\d) ?(internal server|bad gateway|service unavailable|gateway time)?/i.exec(said)?.[1];
  if (status) return `its registry answers ${status}`;
  if (/no such host|server misbehaving|temporary failure/i.test(said)) return "the registry's name cannot be looked up";
  if (/connection refused/i.test(said)) return 'nothing listens at the address of its registry';
  if (/timed? ?out|deadline exceeded/i.test(said)) return 'its registry does not answer in time';
  return 'its registry cannot be reached';
}

const noVariant = pull('platform', ({ image }) => ({
  sentence: `the image ${image} has no variant for the processor of the node`,
  grace: 0,
}));

/** runc finds out only when the container has started: the one trace is what it prints into the container's log. */
function wrongProgram(view: PodView): Match | undefined {
  const said = /^.*exec format error\s*$/im.exec(view.log ?? '')?.[0].trim();
  if (said === undefined) return undefined;
  return inContainers(view, ({ spec, status }) => {
    const ended = status?.state?.terminated ?? status?.lastState?.terminated;
    if (!ended || ended.exitCode === 0) return undefined;
    return {
      sentence: `the image ${spec.image} is for another processor than that of the node ("${said}")`,
      said,
      fields: field,
      grace: 0,
    };
  });
}

export const imageCauses: readonly Cause[] = [
  {
    id: 'image-name-invalid',
    title: 'Invalid image name',
    sign: 'InvalidImageName',
    advice: 'Write the image as registry/name:tag, the name in lower case.',
    grace: 'none',
    why: 'The kubelet cannot parse the name, whatever happens outside.',
    source: `${kubelet}/images/types.go`,
    of: 'pod',
    inEveryPod: true,
    find: (view) =>
      inContainers(view, ({ spec, status, events }) => {
        const waiting = status?.state?.waiting;
        const event = newest(events, 'InspectFailed');
        const inEvent = /couldn't parse image (name|reference)/i.test(event?.message ?? '');
        if (waiting?.reason !== 'InvalidImageName' && !inEvent) return undefined;
        const said = waiting?.message || event?.message || 'InvalidImageName';
        return { sentence: `"${spec.image}" is not the name of an image`, said, fields: field, grace: 0 };
      }),
  },
  {
    id: 'image-platform',
    title: 'Image for another processor',
    sign: 'ErrImagePull, "no match for platform in manifest"; a log that ends with "exec format error"',
    advice: 'Build the image for the processors of the nodes (input platforms, such as linux/amd64,linux/arm64).',
    grace: 'none',
    why: 'What an image was built for does not change.',
    source: 'https://github.com/containerd/containerd/blob/v1.7.27/images/image.go',
    of: 'pod',
    inEveryPod: false,
    find: (view) => noVariant(view) ?? wrongProgram(view),
  },
  {
    id: 'image-unauthorized',
    title: 'Image pull not authorized',
    sign: 'ErrImagePull, 401 or 403, "denied"',
    advice:
      "Let the nodes read the repository (ECR: the policy AmazonEC2ContainerRegistryPullOnly on the nodes' role, and a repository policy when it is another account's), and check its name: registries say the same of one that does not exist.",
    grace: 'none',
    why: 'A login is refused the same way each time; nothing in the cluster mends it.',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html',
    of: 'pod',
    inEveryPod: true,
    find: pull('unauthorized', ({ image }) => ({
      sentence: `the cluster is not allowed to pull the image ${image}`,
      grace: 0,
    })),
  },
  {
    id: 'image-not-found',
    title: 'Image not found',
    sign: 'ErrImagePull, "not found", "manifest unknown"',
    advice: 'Check the name and the tag, and that the image was pushed to this registry before the deploy.',
    grace: "none by digest; by tag until the kubelet's second try, some 13 s later",
    why: 'Who names a digest has seen the image. A tag may be pushed a moment later by somebody else: the second try shows.',
    source: `${kubelet}/images/image_manager.go`,
    of: 'pod',
    inEveryPod: true,
    find: pull('missing', ({ image, tries }) => ({
      sentence: `the image ${image} does not exist in its registry`,
      // The back-off is 10 s, then the kubelet takes its time; this is for when Events, which count, cannot be read.
      grace: tries > 1 || image.includes('@') ? 0 : 60,
    })),
  },
  {
    id: 'image-pull-failing',
    title: 'Registry out of reach',
    sign: 'ErrImagePull, 429, 5xx, timeout, DNS',
    advice: 'See whether the registry works and the nodes can reach it, and run the deploy again.',
    grace: '2 min',
    why: 'Overload and networks heal; the kubelet tries again after 10, 20, 40 and 80 s.',
    source: `${kubelet}/kubelet.go`,
    of: 'pod',
    inEveryPod: false,
    find: pull(['transient', 'unknown'], ({ image, said, kind }) => ({
      sentence: `the image ${image} cannot be pulled${kind === 'unknown' ? '' : `: ${trouble(said)}`}`,
      grace: 120,
    })),
  },
];
