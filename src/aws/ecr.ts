/** The repository of a service in ECR. The SDK is loaded at the first call: a run with an external image never needs it. */

import type { ECRClient } from '@aws-sdk/client-ecr';
import type { Credentials } from '../docker/registry.ts';
import type { Log } from '../github/log.ts';
import { clientSettings, toAwsError } from './errors.ts';

export interface EcrOptions {
  /** Absent is what the SDK finds in the environment. */
  readonly region?: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Keeps a value out of the log from now on. */
  readonly mask: (secret: string) => void;
}

/** Untagged images are left-overs of a push that failed, or parts of an image for several platforms, which stay with it. */
export const lifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      description: 'Untagged images go after 5 days',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 5 },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: 'The newest 50 images stay',
      selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 50 },
      action: { type: 'expire' },
    },
  ],
};

export interface Ecr {
  /** @returns its URI; undefined when there is no such repository */
  findRepository(name: string): Promise<string | undefined>;
  /** Creates the repository where it is missing; one that is there is never changed. @returns its URI */
  ensureRepository(name: string): Promise<string>;
  /** What the registry itself takes, for 12 hours. Masked. */
  credentials(): Promise<Credentials>;
}

/** Every method throws AwsError. */
export async function openEcr(options: EcrOptions): Promise<Ecr> {
  const { log, mask, signal } = options;
  const sdk = await import('@aws-sdk/client-ecr');
  const client: ECRClient = new sdk.ECRClient({
    ...clientSettings,
    ...(options.region === undefined ? {} : { region: options.region }),
  });

  async function attempt<T>(doing: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      throw toAwsError(error, doing);
    }
  }

  function findRepository(name: string): Promise<string | undefined> {
    return attempt(`look up the ECR repository ${name}`, async () => {
      try {
        const command = new sdk.DescribeRepositoriesCommand({ repositoryNames: [name] });
        return (await client.send(command, { abortSignal: signal })).repositories?.[0]?.repositoryUri;
      } catch (error) {
        if ((error as Error).name === 'RepositoryNotFoundException') return undefined;
        throw error;
      }
    });
  }

  function createRepository(name: string): Promise<string | undefined> {
    return attempt(`create the ECR repository ${name}`, async () => {
      try {
        const command = new sdk.CreateRepositoryCommand({
          repositoryName: name,
          imageTagMutability: 'IMMUTABLE',
          imageScanningConfiguration: { scanOnPush: true },
          tags: [{ Key: 'managed-by', Value: 'k8s-service-action' }],
        });
        return (await client.send(command, { abortSignal: signal })).repository?.repositoryUri;
      } catch (error) {
        if ((error as Error).name === 'RepositoryAlreadyExistsException') return undefined;
        throw error;
      }
    });
  }

  async function putLifecyclePolicy(name: string): Promise<void> {
    try {
      await attempt(`set the lifecycle policy of the ECR repository ${name}`, () => {
        const lifecyclePolicyText = JSON.stringify(lifecyclePolicy);
        const command = new sdk.PutLifecyclePolicyCommand({ repositoryName: name, lifecyclePolicyText });
        return client.send(command, { abortSignal: signal });
      });
    } catch (error) {
      signal.throwIfAborted();
      // It only keeps the repository small: no reason not to deploy.
      log.warning(`${(error as Error).message} Old images stay until there is one.`);
    }
  }

  return {
    findRepository,
    async ensureRepository(name) {
      const found = await findRepository(name);
      if (found) return found;
      const created = await createRepository(name);
      if (created) {
        log.info(`Created the ECR repository ${created}.`);
        await putLifecyclePolicy(name);
        return created;
      }
      // Another job has created it in the meantime.
      const other = await findRepository(name);
      if (other) return other;
      throw toAwsError(new Error('it was deleted while this job ran'), `find the ECR repository ${name}`);
    },
    credentials: () =>
      attempt('get a login for ECR', async () => {
        const answer = await client.send(new sdk.GetAuthorizationTokenCommand({}), { abortSignal: signal });
        const token = answer.authorizationData?.[0]?.authorizationToken ?? '';
        const login = Buffer.from(token, 'base64').toString();
        const colon = login.indexOf(':');
        const password = login.slice(colon + 1);
        if (colon === -1 || password === '') throw new Error('the answer holds no token');
        mask(token);
        mask(password);
        return { username: login.slice(0, colon), password };
      }),
  };
}
