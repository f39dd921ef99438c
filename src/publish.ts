/**
 * The image of a service, from its plan to a reference that a pod can run. This is where AWS, the registry and docker
 * meet; each of them is asked only for what the plan needs.
 */

import type { Ecr } from './aws/ecr.ts';
import { type BuildContext, type BuildFiles, findBuildFiles, readContext } from './docker/context.ts';
import {
  addTag,
  type Credentials,
  imageBytes,
  type Manifest,
  openRegistry,
  type Registry,
  splitRepository,
} from './docker/registry.ts';
import { ImageError, UserError } from './errors.ts';
import type { Log } from './github/log.ts';
import { contentTag } from './image/contenthash.ts';
import { formatImageRef, type ImageRef } from './image/image.ts';
import { type BuildPolicy, decideBuild, type ImageInputs, notBuilt, planImage } from './image/plan.ts';
import { repositoryName } from './image/reference.ts';
import type { Service } from './spec/service.ts';

export interface PublishOptions {
  readonly service: Pick<Service, 'name' | 'image'>;
  readonly namespace: string;
  readonly inputs: ImageInputs;
  /** The commit, 40 hex digits: a label of an image that is built, and its second tag. */
  readonly revision?: string;
  /** URL of the repository that the commit is in. */
  readonly source?: string;
  /** When the commit was made: the same commit gives the same label. */
  readonly created?: Date;
  /** Absent is what the AWS SDK finds in the environment. */
  readonly region?: string;
  /** The environment for docker. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Keeps a value out of the log from now on. */
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

export interface PublishedImage {
  readonly image: ImageRef;
  /** URI of the repository in ECR; absent for an image that the spec names. */
  readonly dockerRepoUrl?: string;
  readonly built: boolean;
  /** Compressed size, as it is pulled; only where a manifest for one platform had to be read. */
  readonly bytes?: number;
}

/** A repository in ECR that was found, and the way into it. */
interface Repository {
  readonly uri: string;
  readonly registry: Registry;
  readonly credentials: Credentials;
}

/**
 * @throws UserError for inputs that do not fit, a missing Dockerfile and an image that is not there;
 *   AwsError where ECR refuses; ImageError where the registry or docker fails; the signal's reason when it aborts
 */
export async function publishImage(options: PublishOptions): Promise<PublishedImage> {
  const plan = planImage(options.service, options.inputs);
  switch (plan.kind) {
    case 'external':
      options.log.info(`Image: ${formatImageRef(plan.image)}, as the spec says.`);
      return { image: plan.image, built: false };
    case 'given':
      return findGiven(options, plan.tag, plan.digest);
    case 'content':
      return findOrBuild(options, plan.build);
  }
}

/** An image that image_tag, image_digest or both name. */
async function findGiven(
  options: PublishOptions,
  tag: string | undefined,
  digest: string | undefined,
): Promise<PublishedImage> {
  const name = repositoryName(options.namespace, options.service.name);
  const repository = await openRepository(options, (ecr) => ecr.findRepository(name));
  const missing = (input: string, reference: string) =>
    new UserError(
      `${input}: ${reference} is not in the registry. "aws ecr describe-images --repository-name ${name}" lists what is; without ${input} the image is built.`,
    );
  if (!repository) throw missing(tag ? 'image_tag' : 'image_digest', formatImageRef(refTo(name, tag, digest)));
  const [ofTag, ofDigest] = await Promise.all(
    [tag, digest].map((reference) => reference && repository.registry.digestOf(reference)),
  );
  if (digest && !ofDigest) throw missing('image_digest', `${repository.uri}@${digest}`);
  if (tag && !ofTag) throw missing('image_tag', `${repository.uri}:${tag}`);
  if (tag && digest && ofTag !== digest) {
    throw new UserError(
      `image_tag and image_digest do not fit: in ${repository.uri} the tag ${tag} is ${ofTag}, not ${digest}. Give one of them.`,
    );
  }
  const image = refTo(repository.uri, tag, digest ?? ofTag);
  options.log.info(`Image: ${formatImageRef(image)} is in the registry.`);
  return { image, dockerRepoUrl: repository.uri, built: false };
}

/** The image of the files as they are, built only where the registry does not have it. */
async function findOrBuild(options: PublishOptions, policy: BuildPolicy): Promise<PublishedImage> {
  const { inputs, log, now } = options;
  const start = now();
  const files = findBuildFiles(inputs.workspace, inputs.context, inputs.dockerfile);
  const name = repositoryName(options.namespace, options.service.name);
  const [repository, context] = await Promise.all([
    openRepository(options, (ecr) => (policy === 'never' ? ecr.findRepository(name) : ecr.ensureRepository(name))),
    readContext(files, options.signal),
  ]);
  const contentsTag = contentTag({
    dockerfile: context.dockerfile,
    entries: context.entries,
    buildArgs: inputs.buildArgs,
    secretIds: Object.keys(inputs.buildSecrets),
    ...(inputs.target === undefined ? {} : { target: inputs.target }),
    platforms: inputs.platforms,
  });
  if (!repository) throw notBuilt(name, contentsTag);
  const { uri, registry } = repository;
  const commitTag = /^[0-9a-f]{40}$/.test(options.revision ?? '') ? options.revision : undefined;
  const [found, ofCommit] = await Promise.all([
    registry.digestOf(contentsTag),
    commitTag && registry.digestOf(commitTag),
  ]);
  const decision = decideBuild(policy, uri, contentsTag, found, now());
  const { tag } = decision;
  let digest: string;
  if (decision.action === 'use') {
    log.info(
      `Image: nothing to build, ${uri} has the tag ${tag}, the hash of these ${context.files} files (${since(start, now)})`,
    );
    digest = decision.digest;
  } else {
    log.info(
      `Image: to be built as ${uri}:${tag}, the hash of ${context.files} files, ${(context.bytes / 1e6).toFixed(1)} MB (${since(start, now)})`,
    );
    digest = await build(options, repository, files, context, tag);
  }
  const manifest =
    commitTag && digest !== ofCommit ? await tagCommit(options, repository, digest, commitTag) : undefined;
  const bytes = manifest && imageBytes(manifest);
  return {
    image: refTo(uri, tag, digest),
    dockerRepoUrl: uri,
    built: decision.action === 'build',
    ...(bytes === undefined ? {} : { bytes }),
  };
}

/** @param find the repository's URI, if it is there */
async function openRepository(
  { region, log, signal, mask }: PublishOptions,
  find: (ecr: Ecr) => Promise<string | undefined>,
): Promise<Repository | undefined> {
  const { openEcr } = await import('./aws/ecr.ts');
  const ecr = await openEcr({ ...(region === undefined ? {} : { region }), log, signal, mask });
  const [uri, credentials] = await Promise.all([find(ecr), ecr.credentials()]);
  return uri === undefined
    ? undefined
    : { uri, credentials, registry: openRegistry({ repository: uri, credentials, signal }) };
}

/** @returns the digest */
async function build(
  options: PublishOptions,
  { uri, registry, credentials }: Repository,
  files: BuildFiles,
  context: BuildContext,
  tag: string,
): Promise<string> {
  const { inputs, env, log, signal, now } = options;
  const [{ buildAndPush }, { withDockerConfig }] = await Promise.all([
    import('./docker/buildx.ts'),
    import('./docker/config.ts'),
  ]);
  if (context.sendsGit) {
    log.warning(
      `${files.context}/.git is sent to the build, and "COPY . ." would put it into the image with the token that checkout left in it. Add ".git" to .dockerignore.`,
    );
  }
  const labels = {
    ...(options.revision === undefined ? {} : { 'org.opencontainers.image.revision': options.revision }),
    ...(options.source === undefined ? {} : { 'org.opencontainers.image.source': options.source }),
    ...(options.created === undefined ? {} : { 'org.opencontainers.image.created': options.created.toISOString() }),
  };
  const start = now();
  try {
    const pushed = await log.group(`docker build ${files.dockerfile}`, () =>
      withDockerConfig(env, splitRepository(uri).host, credentials, log, (configFolder) =>
        buildAndPush(
          {
            ...files,
            reference: `${uri}:${tag}`,
            buildArgs: inputs.buildArgs,
            secrets: inputs.buildSecrets,
            labels,
            platforms: inputs.platforms,
            ...(inputs.target === undefined ? {} : { target: inputs.target }),
            ...(inputs.provenance === undefined ? {} : { provenance: inputs.provenance }),
            pull: inputs.build === 'always',
          },
          { env, configFolder, log, signal },
        ),
      ),
    );
    const digest = pushed ?? (await registry.digestOf(tag));
    if (!digest)
      throw new ImageError(`docker pushed ${uri}:${tag}, but the registry does not have it. Run the job again.`);
    log.info(`Image: built and pushed in ${since(start, now)}: ${digest}`);
    return digest;
  } catch (error) {
    signal.throwIfAborted();
    // Tags are immutable: of two jobs that build the same files at the same time, the second cannot push.
    const ofOther = await registry.digestOf(tag).catch(() => undefined);
    if (!ofOther) throw error;
    log.info(`Image: another job has pushed ${tag} in the meantime, and that image is used: ${ofOther}`);
    return ofOther;
  }
}

/** Also tags the image with the commit. The deploy does not depend on it, so what goes wrong is a warning. */
async function tagCommit(
  { log, signal }: PublishOptions,
  { uri, registry }: Repository,
  digest: string,
  commit: string,
): Promise<Manifest | undefined> {
  try {
    return await addTag(registry, digest, commit);
  } catch (error) {
    signal.throwIfAborted();
    log.warning(`${uri} does not have this image under the commit, ${commit}: ${(error as Error).message}`);
    return undefined;
  }
}

function refTo(repository: string, tag: string | undefined, digest: string | undefined): ImageRef {
  return { repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function since(start: Date, now: () => Date): string {
  return `${((now().getTime() - start.getTime()) / 1000).toFixed(1)} s`;
}
