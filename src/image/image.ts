/** An image in a registry, as a pod will run it. */
export interface ImageRef {
  /** Registry host and repository, without tag or digest: `123456789012.dkr.ecr.us-east-1.amazonaws.com/prod/web`. */
  readonly repository: string;
  /** Absent when a digest alone was given. */
  readonly tag?: string;
  /** `sha256:…`; absent only for an external image given by tag. */
  readonly digest?: string;
}

/** `repository:tag@sha256:…`, with the parts that are known. */
export function formatImageRef(image: ImageRef): string {
  return `${image.repository}${image.tag ? `:${image.tag}` : ''}${image.digest ? `@${image.digest}` : ''}`;
}
