/** Names of images, as the OCI distribution specification and ECR allow them. */

import { UserError } from '../errors.ts';
import type { ImageRef } from './image.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;
/** `repositoryName` in https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const repositoryPattern = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Takes `host:port/repository:tag@digest` apart. The spec has been checked, so it is a reference. */
export function parseImageRef(reference: string): ImageRef {
  const [named = '', digest] = reference.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return {
    repository: colon === -1 ? named : named.slice(0, colon),
    ...(colon === -1 ? {} : { tag: named.slice(colon + 1) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** @param field the input that the tag came from */
export function checkTag(tag: string, field: string): string {
  if (tagPattern.test(tag)) return tag;
  throw new UserError(
    `${field}: "${tag}" is not a tag. A tag is up to 128 letters, digits, "_", "." and "-", and starts with neither of the last two.`,
  );
}

/** @param field the input that the digest came from */
export function checkDigest(digest: string, field: string): string {
  if (digestPattern.test(digest)) return digest;
  throw new UserError(`${field}: "${digest}" is not a digest. A digest is "sha256:" and 64 lower-case hex digits.`);
}

/**
 * The repository of a service in ECR, `<namespace>/<name>`.
 *
 * @throws UserError where Kubernetes allows a name that ECR does not: `a--b`, or more than 256 characters
 */
export function repositoryName(namespace: string, name: string): string {
  const repository = `${namespace}/${name}`;
  if (repositoryPattern.test(repository) && repository.length <= 256) return repository;
  throw new UserError(
    `ECR does not allow a repository named "${repository}": lower-case letters and digits, with single ".", "_" or "-" between them. Rename the service or the namespace, or give image a reference instead of AUTO.`,
  );
}
