/**
 * The bearer token by which an EKS cluster knows an AWS identity: a presigned request to STS that the cluster sends to find
 * out who signed it (https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster).
 */

import { toAwsError } from './errors.ts';

/** What a request to AWS is signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface EksToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** The cluster refuses a token that was signed more than 15 minutes ago. */
const lifetimeMilliseconds = 14 * 60_000;
/** A token is not handed out when a request with it could come too late. */
const marginMilliseconds = 60_000;

/** Suffixes of the partitions other than `aws`, by the start of a region's name. */
const dnsSuffixes: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
];

/** STS as the cluster expects it. AWS_ENDPOINT_URL plays no part: the cluster checks the host and calls it itself. */
function stsHost(region: string): string {
  const suffix = dnsSuffixes.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
  return `sts.${region}.${suffix}`;
}

export async function signEksToken(
  cluster: string,
  region: string,
  credentials: AwsCredentials,
  at: Date,
): Promise<EksToken> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
  ]);
  const host = stsHost(region);
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, 'x-k8s-aws-id': cluster },
    },
    { expiresIn: 60, signingDate: at },
  );
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  const url = `https://${host}/?${search.join('&')}`;
  return {
    token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`,
    expiresAt: new Date(at.getTime() + lifetimeMilliseconds),
  };
}

export interface EksTokenOptions {
  readonly cluster: string;
  readonly region: string;
  readonly now: () => Date;
  /** Keeps a value out of the log from now on. */
  readonly mask: (secret: string) => void;
  /** Absent is what the SDK finds in the environment. */
  readonly credentials?: () => Promise<AwsCredentials>;
}

/**
 * @returns a function that gives a token which is good for at least a minute: the same one until it gets old
 * @throws AwsError from that function when there are no credentials
 */
export function eksTokens(options: EksTokenOptions): () => Promise<EksToken> {
  const { cluster, region, now, mask } = options;
  let provider = options.credentials;
  let current: { readonly token: Promise<EksToken>; readonly renewAt: number } | undefined;

  async function sign(at: Date): Promise<EksToken> {
    try {
      provider ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider();
      const signed = await signEksToken(cluster, region, await provider(), at);
      mask(signed.token);
      return signed;
    } catch (error) {
      // The next call tries again.
      current = undefined;
      throw toAwsError(error, `sign a token for the EKS cluster ${cluster}`);
    }
  }

  return () => {
    const at = now();
    if (!current || at.getTime() >= current.renewAt) {
      current = { token: sign(at), renewAt: at.getTime() + lifetimeMilliseconds - marginMilliseconds };
    }
    return current.token;
  };
}
