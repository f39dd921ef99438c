/** Where an EKS cluster is. The SDK is loaded at the first call: a run with a kubeconfig never needs it. */

import { AwsError } from '../errors.ts';
import { clientSettings, toAwsError } from './errors.ts';

export interface EksCluster {
  readonly name: string;
  /** The region that was asked, also when none was given. */
  readonly region: string;
  /** `https://…` of the API server. */
  readonly endpoint: string;
  /** PEM. */
  readonly ca: string;
  /** URL of the OpenID Connect provider whose tokens IAM roles can trust. */
  readonly oidcIssuer?: string;
}

/**
 * @param region absent is what the SDK finds in the environment
 * @throws AwsError when there is no such cluster, when it is not up yet, and when AWS refuses
 */
export async function describeCluster(
  name: string,
  region: string | undefined,
  signal: AbortSignal,
): Promise<EksCluster> {
  const sdk = await import('@aws-sdk/client-eks');
  const client = new sdk.EKSClient({ ...clientSettings, ...(region === undefined ? {} : { region }) });
  const doing = `look up the EKS cluster ${name}`;
  try {
    const asked = await client.config.region();
    const { cluster } = await client.send(new sdk.DescribeClusterCommand({ name }), { abortSignal: signal });
    if (!cluster?.endpoint || !cluster.certificateAuthority?.data) {
      throw new AwsError(
        `The EKS cluster ${name} in ${asked} has no endpoint yet: it is ${cluster?.status ?? 'in an unknown state'}. Run the job again once it is ACTIVE.`,
      );
    }
    const issuer = cluster.identity?.oidc?.issuer;
    return {
      name,
      region: asked,
      endpoint: cluster.endpoint,
      ca: Buffer.from(cluster.certificateAuthority.data, 'base64').toString(),
      ...(issuer === undefined ? {} : { oidcIssuer: issuer }),
    };
  } catch (error) {
    signal.throwIfAborted();
    if ((error as Error).name === 'ResourceNotFoundException') {
      throw new AwsError(
        `There is no EKS cluster ${name} in ${await client.config.region()} in the account of the job's role. Check the inputs cluster and region, and the role; "aws eks list-clusters --region ${await client.config.region()}" lists the ones there are.`,
        { cause: error },
      );
    }
    throw toAwsError(error, doing);
  }
}
