/** What is to be done for a service's image: nothing, look one up, or build. */

import { UserError } from '../errors.ts';
import type { Service } from '../spec/service.ts';
import type { ImageRef } from './image.ts';
import { checkDigest, checkTag, parseImageRef } from './reference.ts';

export type BuildPolicy = 'auto' | 'always' | 'never';

/** The inputs of the action that are about the image. */
export interface ImageInputs {
  /** Deploy this tag of the service's repository; nothing is built. */
  readonly imageTag?: string;
  /** Deploy this digest of the service's repository; nothing is built. */
  readonly imageDigest?: string;
  readonly build: BuildPolicy;
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** Folder, absolute or relative to the workspace. */
  readonly context: string;
  /** Absolute or relative to the workspace; absent is `Dockerfile` in the context. */
  readonly dockerfile?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Values by the id that `RUN --mount=type=secret,id=…` uses. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  /** `os/arch` or `os/arch/variant`; none is the builder's own. */
  readonly platforms: readonly string[];
  readonly target?: string;
  /** As `docker buildx build --provenance` takes it: `true`, `false`, `mode=max` … */
  readonly provenance?: string;
}

export type ImagePlan =
  /** Used as the spec gives it. */
  | { readonly kind: 'external'; readonly image: ImageRef }
  /** An image that is in the service's repository already, by tag, by digest, or by both. */
  | { readonly kind: 'given'; readonly tag?: string; readonly digest?: string }
  /** Tagged with the hash of its content. */
  | { readonly kind: 'content'; readonly build: BuildPolicy };

/** @throws UserError for inputs that contradict each other or the spec, and for values that are not well-formed */
export function planImage(service: Pick<Service, 'name' | 'image'>, inputs: ImageInputs): ImagePlan {
  const given = inputs.imageTag !== undefined ? 'image_tag' : inputs.imageDigest !== undefined ? 'image_digest' : '';
  if (!service.image.auto) {
    if (given) {
      throw new UserError(
        `${given}: the spec of ${service.name} names an image of its own (${service.image.reference}), so there is none to choose. Put the tag or digest into the spec's image, or set image to AUTO.`,
      );
    }
    if (inputs.build === 'always') {
      throw new UserError(
        `build: always, but the spec of ${service.name} names an image of its own (${service.image.reference}). Set image to AUTO in the spec to have it built.`,
      );
    }
    return { kind: 'external', image: parseImageRef(service.image.reference) };
  }
  if (given) {
    if (inputs.build === 'always') {
      throw new UserError(
        `build: always and ${given} contradict each other: a given image is never built. Remove one.`,
      );
    }
    return {
      kind: 'given',
      ...(inputs.imageTag === undefined ? {} : { tag: checkTag(inputs.imageTag, 'image_tag') }),
      ...(inputs.imageDigest === undefined ? {} : { digest: checkDigest(inputs.imageDigest, 'image_digest') }),
    };
  }
  checkBuildInputs(inputs);
  return { kind: 'content', build: inputs.build };
}

function checkBuildInputs(inputs: ImageInputs): void {
  for (const name of Object.keys(inputs.buildArgs)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new UserError(`build_args: "${name}" is not a name: letters, digits and "_", not starting with a digit.`);
    }
  }
  for (const id of Object.keys(inputs.buildSecrets)) {
    if (!/^[A-Za-z0-9_.-]+$/.test(id)) {
      throw new UserError(`build_secrets: "${id}" is not an id: letters, digits, "_", "." and "-".`);
    }
  }
  for (const platform of inputs.platforms) {
    if (!/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(platform)) {
      throw new UserError(
        `platforms: "${platform}" is not a platform. Write os/arch, such as linux/amd64 or linux/arm64.`,
      );
    }
  }
}

/** What to do once the registry was asked for the tag of the content. */
export type BuildDecision =
  | { readonly action: 'use'; readonly tag: string; readonly digest: string }
  | { readonly action: 'build'; readonly tag: string };

/**
 * @param repository host and repository, for the message
 * @param tag of the content
 * @param found the digest of that tag in the registry; undefined when it is not there
 * @param at the time of the run, as part of a tag when the content's own is taken: tags are immutable
 * @throws UserError when nothing may be built and the registry does not have the tag
 */
export function decideBuild(
  build: BuildPolicy,
  repository: string,
  tag: string,
  found: string | undefined,
  at: Date,
): BuildDecision {
  if (build === 'always') {
    if (!found) return { action: 'build', tag };
    const stamp = at.toISOString().replace(/\D/g, '').slice(0, 14);
    return { action: 'build', tag: `${tag}-${stamp}` };
  }
  if (found) return { action: 'use', tag, digest: found };
  if (build === 'auto') return { action: 'build', tag };
  throw notBuilt(repository, tag);
}

/** The error of `build: never` where a build would be needed. */
export function notBuilt(repository: string, tag: string): UserError {
  return new UserError(
    `build: never, but ${repository}:${tag}, the image of the files as they are, is not in the registry. Set build to auto to build it, or name an image that is there with image_tag or image_digest.`,
  );
}
