import { describe, expect, test } from 'vitest';
import { openEcr } from '../../src/aws/ecr.ts';
import { AwsError } from '../../src/errors.ts';
import { keptLog, login } from '../docker/fakes.ts';
import { awsError, type EcrAnswer, ecrToken, serveEcr, useAws } from './fake-aws.ts';

const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const uri = `${registry}/prod/web`;

async function open(answers?: Readonly<Record<string, EcrAnswer>>, signal = new AbortController().signal) {
  const server = await serveEcr(registry, answers);
  const log = keptLog();
  const masked: string[] = [];
  const ecr = await openEcr({ log, signal, mask: (secret) => masked.push(secret) });
  return { server, log, masked, ecr };
}

describe('a repository', () => {
  test('that is missing is created: scanned, immutable, tagged, with a policy that keeps it small', async () => {
    const { server, ecr, log } = await open();
    expect(await ecr.ensureRepository('prod/web')).toBe(uri);
    expect(server.repositories.get('prod/web')).toEqual({
      repositoryName: 'prod/web',
      imageScanningConfiguration: { scanOnPush: true },
      imageTagMutability: 'IMMUTABLE',
      tags: [{ Key: 'managed-by', Value: 'k8s-service-action' }],
    });
    const { rules } = JSON.parse(server.policies.get('prod/web') ?? '{}');
    expect(rules.map((rule: { selection: object }) => rule.selection)).toEqual([
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 5 },
      { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 50 },
    ]);
    expect(log.lines).toEqual([`Created the ECR repository ${uri}.`]);
  });

  test('that is there is left as it is', async () => {
    const { server, ecr } = await open();
    server.repositories.set('prod/web', {});
    expect(await ecr.ensureRepository('prod/web')).toBe(uri);
    expect(server.operations).toEqual(['DescribeRepositories']);
  });

  test('that another job creates at the same time is fine', async () => {
    const { server, ecr } = await open({
      CreateRepository: (input) => {
        server.repositories.set(String(input.repositoryName), {});
        return undefined;
      },
    });
    expect(await ecr.ensureRepository('prod/web')).toBe(uri);
    expect(server.policies.size).toBe(0);
  });

  test('is not created by looking for it', async () => {
    const { server, ecr } = await open();
    expect(await ecr.findRepository('prod/web')).toBeUndefined();
    expect(server.operations).toEqual(['DescribeRepositories']);
  });

  test('without its policy is still one to deploy from', async () => {
    const { ecr, log } = await open({
      PutLifecyclePolicy: () =>
        awsError(
          'AccessDeniedException',
          'User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized to perform: ecr:PutLifecyclePolicy on resource: arn:aws:ecr:eu-west-1:123456789012:repository/prod/web because no identity-based policy allows the ecr:PutLifecyclePolicy action',
        ),
    });
    expect(await ecr.ensureRepository('prod/web')).toBe(uri);
    expect(log.lines.at(-1)).toMatch(
      /^warning: AWS: could not set the lifecycle policy.*Allow ecr:PutLifecyclePolicy on/,
    );
  });

  test('that must not be created says what to allow', async () => {
    const { ecr } = await open({
      CreateRepository: () =>
        awsError(
          'AccessDeniedException',
          'User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized to perform: ecr:CreateRepository on resource: arn:aws:ecr:eu-west-1:123456789012:repository/prod/web because no identity-based policy allows the ecr:CreateRepository action',
        ),
    });
    const error = await ecr.ensureRepository('prod/web').catch((error) => error);
    expect(error).toBeInstanceOf(AwsError);
    expect(error.message).toMatch(/^AWS: could not create the ECR repository prod\/web: AccessDeniedException: /);
    expect(error.message).toContain(
      "Allow ecr:CreateRepository on arn:aws:ecr:eu-west-1:123456789012:repository/prod/web in the IAM policy of the job's role.",
    );
  });
});

describe('the login', () => {
  test('is masked, in both forms', async () => {
    const { ecr, masked } = await open();
    expect(await ecr.credentials()).toEqual(login);
    expect(masked).toEqual([ecrToken, login.password]);
  });

  test('that holds nothing is an error', async () => {
    const { ecr } = await open({ GetAuthorizationToken: () => ({ status: 200, body: '{"authorizationData":[]}' }) });
    await expect(ecr.credentials()).rejects.toThrow('AWS: could not get a login for ECR: the answer holds no token.');
  });
});

describe('what can go wrong', () => {
  test.each<[string, Parameters<typeof awsError>, RegExp]>([
    [
      'expired',
      ['ExpiredTokenException', 'The security token included in the request is expired'],
      /role-duration-seconds/,
    ],
    [
      'not accepted',
      ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
      /id-token: write.*configure-aws-credentials/,
    ],
    [
      'something new',
      ['SomethingNewException', 'Never heard of'],
      /SomethingNewException: Never heard of\. \(HTTP 400\)/,
    ],
  ])('%s', async (_, error, message) => {
    const { ecr } = await open({ DescribeRepositories: () => awsError(...error) });
    await expect(ecr.findRepository('prod/web')).rejects.toThrow(message);
  });

  test('too many requests, even after trying again', async () => {
    const { ecr, server } = await open({
      DescribeRepositories: () => awsError('ThrottlingException', 'Rate exceeded'),
    });
    await expect(ecr.findRepository('prod/web')).rejects.toThrow(/Rate exceeded\. AWS answers too many requests/);
    expect(server.operations.length).toBeGreaterThan(1);
  });

  test('no credentials', async () => {
    const { ecr } = await open();
    useAws('http://127.0.0.1:1', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    await expect(ecr.credentials()).rejects.toThrow(
      /There are no AWS credentials\. Give the job "permissions: id-token: write"/,
    );
  });

  test('no region', async () => {
    useAws('http://127.0.0.1:1', { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });
    const ecr = await openEcr({ log: keptLog(), signal: new AbortController().signal, mask: () => {} });
    await expect(ecr.findRepository('prod/web')).rejects.toThrow(/set the input region, or AWS_REGION/);
  });

  test('nobody there', async () => {
    const { ecr, server } = await open();
    await server.close();
    await expect(ecr.findRepository('prod/web')).rejects.toThrow(/ECONNREFUSED.*AWS cannot be reached from the runner/);
  });

  test('a job that is cancelled', async () => {
    const cancelled = new AbortController();
    const reason = new Error('cancelled');
    const { ecr } = await open(
      {
        DescribeRepositories: () => {
          cancelled.abort(reason);
          return undefined;
        },
      },
      cancelled.signal,
    );
    await expect(ecr.findRepository('prod/web')).rejects.toBe(reason);
  });
});
