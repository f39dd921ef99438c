import type { ContainerView } from './cause.ts';
import { countOf } from './views.ts';

/** A pull that failed, as far as the container has not got its image since. */
export interface FailedPull {
  readonly image: string;
  /** The kubelet's or the container runtime's words. */
  readonly said: string;
  readonly kind: 'platform' | 'transient' | 'unauthorized' | 'missing' | 'unknown';
  /** How often it was tried, as far as events say. */
  readonly tries: number;
}

/**
 * What the container runtimes say, which reaches us as text alone: gRPC drops the kind of an error on its way to the
 * kubelet (https://github.com/grpc/grpc-go/issues/3616). The order counts: "no match for platform in manifest: not
 * found" is no missing image, and "pull access denied, repository does not exist or may require authorization" is what
 * registries say to those who may not know.
 */
const words: readonly (readonly [FailedPull['kind'], RegExp])[] = [
  [
    'platform',
    /no match for platform|no matching manifest for|no image found in (image index|manifest list) for architecture|does not (match|provide) the specified platform/i,
  ],
  [
    'transient',
    /\b429 too many|toomanyrequests|rate ?limit|\b5\d\d (internal server|bad gateway|service unavailable|gateway time)|status(?: code)?:? 5\d\d|timed? ?out|deadline exceeded|no such host|server misbehaving|temporary failure|connection (refused|reset)|network is unreachable|no route to host|\bEOF\b|registry is unavailable/i,
  ],
  [
    'unauthorized',
    /\b40[13] (unauthorized|forbidden)|status(?: code)?:? 40[13]|unauthori[sz]ed|denied|authentication required|no basic auth|insufficient_scope|authorization failed/i,
  ],
  ['missing', /not found|manifest unknown|name unknown|does not exist/i],
];

/** Sorts what a runtime says of a failed pull; the image's own name counts for nothing. */
export function kindOfPull(said: string, image: string): FailedPull['kind'] {
  const bare = image.replace(/@.*$/, '');
  const repository = bare.replace(/:[^/:]*$/, '');
  const names = [image, bare, repository, repository.slice(repository.indexOf('/') + 1)];
  const text = names.reduce((rest, name) => (name === '' ? rest : rest.replaceAll(name, '…')), said);
  return words.find(([, pattern]) => pattern.test(text))?.[0] ?? 'unknown';
}

const pullReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImagePullUnknownError']);
const failedToPull = /^Failed to pull image /;

/**
 * Why a container has no image yet. The event comes up to a second before the pod's status, and says the cause also
 * where the status only says "Back-off pulling image" (Kubernetes before 1.31).
 */
export function failedPull({ spec, status, events }: ContainerView): FailedPull | undefined {
  const { waiting, running, terminated } = status?.state ?? {};
  if (running || terminated || status?.lastState?.terminated) return undefined;
  const last = events.findLast(
    ({ reason, message }) =>
      reason === 'Pulled' || reason === 'Created' || (reason === 'Failed' && failedToPull.test(message ?? '')),
  );
  const event = last?.reason === 'Failed' ? last : undefined;
  if (last && !event) return undefined;
  const inStatus = waiting?.reason !== undefined && pullReasons.has(waiting.reason);
  if (!event && !inStatus) return undefined;
  const image = spec.image ?? '';
  const known = inStatus && waiting.message !== undefined && kindOfPull(waiting.message, image) !== 'unknown';
  const said = known ? (waiting.message ?? '') : (event?.message ?? waiting?.message ?? waiting?.reason ?? '');
  return { image, said, kind: kindOfPull(said, image), tries: event ? countOf(event) : 1 };
}
