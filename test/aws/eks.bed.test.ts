import https from 'node:https';
import { expect, test } from 'vitest';
import { describeCluster } from '../../src/aws/eks.ts';
import { eksTokens } from '../../src/aws/ekstoken.ts';

const never = new AbortController().signal;
const name = process.env.BED_CLUSTER as string;

/** Asks an API server who it takes us for. */
function whoAmI(endpoint: string, ca: string, token: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const url = new URL('/apis/authentication.k8s.io/v1/selfsubjectreviews', endpoint);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = https.request(url, { method: 'POST', ca, headers }, async (response) => {
    let body = '';
    for await (const chunk of response) body += chunk;
    resolve({ status: response.statusCode ?? 0, body });
  });
  request.on('error', reject);
  request.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }));
  return promise;
}

test('the API server of a cluster that was looked up takes the token', async () => {
  const { endpoint, ca, region } = await describeCluster(name, undefined, never);
  const { token } = await eksTokens({ cluster: name, region, now: () => new Date(), mask: () => {} })();
  const { status, body } = await whoAmI(endpoint, ca, token);
  expect(status).toBe(201);
  expect(JSON.parse(body).status.userInfo.groups).toContain('system:authenticated');
});

test('a token for another cluster, or one that is too old, is refused', async () => {
  const { endpoint, ca, region } = await describeCluster(name, undefined, never);
  const options = { region, now: () => new Date(), mask: () => {} };
  const other = await eksTokens({ ...options, cluster: 'another' })();
  expect((await whoAmI(endpoint, ca, other.token)).status).toBe(401);
  const old = await eksTokens({ ...options, cluster: name, now: () => new Date(Date.now() - 16 * 60_000) })();
  expect((await whoAmI(endpoint, ca, old.token)).status).toBe(401);
});

test('a cluster that is not there is named with its region', async () => {
  await expect(describeCluster('no-such-cluster', undefined, never)).rejects.toThrow(
    `There is no EKS cluster no-such-cluster in ${process.env.AWS_REGION}`,
  );
});
