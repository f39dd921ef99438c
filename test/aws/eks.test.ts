import { describe, expect, test } from 'vitest';
import { describeCluster } from '../../src/aws/eks.ts';
import { eksTokens, signEksToken } from '../../src/aws/ekstoken.ts';
import { AwsError } from '../../src/errors.ts';
import { serveEks, useAws } from './fake-aws.ts';

const never = new AbortController().signal;
const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

function cluster(fields: object) {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ cluster: fields }) };
}

describe('looking up a cluster', () => {
  test('gives its address, its certificate authority and who issues its tokens', async () => {
    const server = await serveEks(() =>
      cluster({
        name: 'prod',
        status: 'ACTIVE',
        endpoint: 'https://abc.gr7.eu-west-1.eks.amazonaws.com',
        certificateAuthority: { data: Buffer.from(ca).toString('base64') },
        identity: { oidc: { issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/ABC' } },
      }),
    );
    expect(await describeCluster('prod', undefined, never)).toEqual({
      name: 'prod',
      region: 'eu-west-1',
      endpoint: 'https://abc.gr7.eu-west-1.eks.amazonaws.com',
      ca,
      oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/ABC',
    });
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /clusters/prod']);
  });

  test('asks the region that was given', async () => {
    const server = await serveEks(() => cluster({ endpoint: 'https://x', certificateAuthority: { data: '' } }));
    await describeCluster('prod', 'us-east-2', never).catch(() => {});
    expect(server.requests[0]?.headers.authorization).toContain('/us-east-2/eks/aws4_request');
  });

  test('that is not there names the region', async () => {
    await serveEks(() => ({
      status: 404,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ResourceNotFoundException' },
      body: JSON.stringify({ message: 'No cluster found for name: prod.' }),
    }));
    const error = await describeCluster('prod', undefined, never).catch((error) => error);
    expect(error).toBeInstanceOf(AwsError);
    expect(error.message).toMatch(
      /^There is no EKS cluster prod in eu-west-1 .*inputs cluster and region.*list-clusters/,
    );
  });

  test('that is still being made says so', async () => {
    await serveEks(() => cluster({ name: 'prod', status: 'CREATING' }));
    await expect(describeCluster('prod', undefined, never)).rejects.toThrow(/no endpoint yet: it is CREATING/);
  });

  test('that must not be seen says what to allow', async () => {
    await serveEks(() => ({
      status: 403,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
      body: JSON.stringify({
        message:
          'User: arn:aws:iam::123456789012:user/x is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:eu-west-1:123456789012:cluster/prod',
      }),
    }));
    await expect(describeCluster('prod', undefined, never)).rejects.toThrow(
      'Allow eks:DescribeCluster on arn:aws:eks:eu-west-1:123456789012:cluster/prod in the IAM policy',
    );
  });
});

describe('the token', () => {
  const at = new Date('2026-11-22T18:30:00Z');
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'session/token+with=signs',
  };
  const urlOf = (token: string) => new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString());

  // Signed by botocore 1.44.5, with which "aws eks get-token" does it.
  test.each([
    ['us-east-1', 'sts.us-east-1.amazonaws.com', 'c3fa9eeeb25ff6e070e70580fe7960d59621faf512bfb70d21b127a30efb3358'],
    [
      'cn-north-1',
      'sts.cn-north-1.amazonaws.com.cn',
      'af668d6ad344fee41e673038e0ab0a85c06bde4c758b1adc35c4cc1ab95846a2',
    ],
  ])('of a cluster in %s is what the AWS CLI makes', async (region, host, signature) => {
    const { token, expiresAt } = await signEksToken('prod', region, credentials, at);
    expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
    const url = urlOf(token);
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe(`https://${host}/`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `AKIDEXAMPLE/20261122/${region}/sts/aws4_request`,
      'X-Amz-Date': '20261122T183000Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Security-Token': 'session/token+with=signs',
      'X-Amz-Signature': signature,
    });
    expect(expiresAt).toEqual(new Date('2026-11-22T18:44:00Z'));
  });

  test('goes to the real STS, wherever the other requests go', async () => {
    useAws('http://127.0.0.1:1');
    const { token } = await signEksToken('prod', 'us-east-1', credentials, at);
    expect(urlOf(token).host).toBe('sts.us-east-1.amazonaws.com');
  });

  test('is masked, kept while it is good, and renewed before 14 minutes are over', async () => {
    const masked: string[] = [];
    let now = at;
    const token = eksTokens({
      cluster: 'prod',
      region: 'us-east-1',
      now: () => now,
      mask: (secret) => masked.push(secret),
      credentials: async () => credentials,
    });
    const [first, same] = await Promise.all([token(), token()]);
    expect(same).toBe(first);
    expect(masked).toEqual([first.token]);
    now = new Date('2026-11-22T18:42:59Z');
    expect(await token()).toBe(first);
    now = new Date('2026-11-22T18:43:00Z');
    const second = await token();
    expect(second.token).not.toBe(first.token);
    expect(second.expiresAt).toEqual(new Date('2026-11-22T18:57:00Z'));
  });

  test('takes the credentials of the job, and says where to get some', async () => {
    useAws('http://127.0.0.1:1');
    const options = { cluster: 'prod', region: 'us-east-1', now: () => at, mask: () => {} };
    expect(urlOf((await eksTokens(options)()).token).searchParams.get('X-Amz-Credential')).toMatch(/^AKIDEXAMPLE\//);
    useAws('http://127.0.0.1:1', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    const none = eksTokens(options);
    await expect(none()).rejects.toThrow(/sign a token for the EKS cluster prod.*configure-aws-credentials/s);
    // And does not keep the failure.
    useAws('http://127.0.0.1:1');
    await expect(none()).resolves.toMatchObject({ token: expect.stringMatching(/^k8s-aws-v1\./) });
  });
});
