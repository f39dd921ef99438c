import { onTestFinished } from 'vitest';
import { type Answer, login, type ServedRequest, serve } from '../docker/fakes.ts';

/** The registry's password as ECR gives it. */
export const ecrToken = Buffer.from(`${login.username}:${login.password}`).toString('base64');

/** An error as AWS JSON 1.1 has it. */
export function awsError(type: string, message: string, status = 400): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-1' },
    body: JSON.stringify({ __type: type, message }),
  };
}

export type EcrAnswer = (input: Record<string, unknown>) => Answer | undefined;

/**
 * ECR on the wire (AWS JSON 1.1), and the environment through which the SDK finds it, until the test is over.
 *
 * @param registry host in the URIs of repositories
 * @param answers by operation, in place of its own
 */
export async function serveEcr(registry: string, answers: Readonly<Record<string, EcrAnswer>> = {}) {
  const repositories = new Map<string, Record<string, unknown>>();
  const policies = new Map<string, string>();
  const operations: string[] = [];
  const ok = (body: object): Answer => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });
  const server = await serve((request) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(request.body.toString()) as Record<string, unknown>;
    operations.push(operation);
    const given = answers[operation]?.(input);
    if (given) return given;
    const name = String((input.repositoryNames as string[] | undefined)?.[0] ?? input.repositoryName);
    const found = repositories.get(name);
    switch (operation) {
      case 'DescribeRepositories':
        if (!found) return awsError('RepositoryNotFoundException', `The repository with name '${name}' does not exist`);
        return ok({ repositories: [{ repositoryName: name, repositoryUri: `${registry}/${name}` }] });
      case 'CreateRepository':
        if (found)
          return awsError('RepositoryAlreadyExistsException', `The repository with name '${name}' already exists`);
        repositories.set(name, input);
        return ok({ repository: { repositoryName: name, repositoryUri: `${registry}/${name}` } });
      case 'PutLifecyclePolicy':
        policies.set(name, String(input.lifecyclePolicyText));
        return ok({ repositoryName: name });
      case 'GetAuthorizationToken':
        return ok({ authorizationData: [{ authorizationToken: ecrToken, expiresAt: 0, proxyEndpoint: registry }] });
      default:
        return awsError('UnknownOperationException', operation);
    }
  });
  useAws(`http://${server.host}`);
  return { ...server, repositories, policies, operations };
}

/** EKS on the wire (REST JSON), and the environment through which the SDK finds it, until the test is over. */
export async function serveEks(answer: (request: ServedRequest) => Answer) {
  const server = await serve(answer);
  useAws(`http://${server.host}`);
  return server;
}

/** Sets the environment that the SDK reads; undefined takes a variable away. */
export function useAws(endpoint: string, more: Readonly<Record<string, string | undefined>> = {}): void {
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: undefined,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
