/** What AWS says when it refuses, and what the reader of the log can do about it. */

import { AwsError } from '../errors.ts';

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const credentialsRemedy =
  'Give the job "permissions: id-token: write" and add a step aws-actions/configure-aws-credentials with role-to-assume before this one.';

interface Kind {
  readonly names: readonly string[];
  /** Where the name alone does not tell. */
  readonly message?: RegExp;
  readonly remedy: (error: SdkError) => string;
}

/**
 * Names from https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html, the like pages of EKS and STS,
 * and the SDK's own. The first row that fits counts.
 */
const kinds: readonly Kind[] = [
  {
    names: ['CredentialsProviderError'],
    message: /could not load credentials|credential is missing/i,
    remedy: () => `There are no AWS credentials. ${credentialsRemedy}`,
  },
  {
    names: ['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired', 'RequestExpired'],
    message: /token (included in the request )?is expired/i,
    remedy: () =>
      'The AWS credentials of the job have expired. Run aws-actions/configure-aws-credentials closer to this step, or raise its role-duration-seconds.',
  },
  {
    names: [
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'MissingAuthenticationToken',
      'AuthFailure',
    ],
    remedy: () => `AWS does not accept the credentials of the job. ${credentialsRemedy}`,
  },
  {
    names: ['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized'],
    message: /is not authorized to perform/i,
    remedy: ({ message }) => {
      const action = /not authorized to perform:? ([\w-]+:\w+)/.exec(message)?.[1];
      const resource = /on resource:? (\S+)/.exec(message)?.[1];
      return action
        ? `Allow ${action}${resource ? ` on ${resource}` : ''} in the IAM policy of the job's role.`
        : "Allow it in the IAM policy of the job's role.";
    },
  },
  {
    names: [],
    message: /region is missing/i,
    remedy: () => 'There is no AWS region: set the input region, or AWS_REGION in the job.',
  },
  {
    names: ['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown'],
    remedy: () => 'AWS answers too many requests of this account at the moment. Run the job again in a minute.',
  },
  {
    names: ['TimeoutError', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH'],
    message: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|socket hang up/,
    remedy: () =>
      'AWS cannot be reached from the runner. Check that the region exists, the network of the runner, and AWS_ENDPOINT_URL where it is set.',
  },
  {
    names: ['LimitExceededException'],
    remedy: () =>
      'A quota of the AWS account is used up: ask for more in Service Quotas, or delete what is not needed.',
  },
];

/**
 * @param doing what was being done, as it stands after "AWS: could not": `create the ECR repository prod/web`
 * @returns an error with what AWS said and, where it is known, what to do; `error` itself when it is an AwsError already
 */
export function toAwsError(error: unknown, doing: string): AwsError {
  if (error instanceof AwsError) return error;
  const { name, message, code, $metadata } = error as SdkError;
  const kind = kinds.find(
    (kind) =>
      kind.names.includes(name) ||
      (code && kind.names.includes(code)) ||
      kind.message?.test(`${message} ${code ?? ''}`),
  );
  // A host with several addresses fails with one error for each, and no message of its own.
  const what = message || code || name;
  const status = $metadata?.httpStatusCode;
  return new AwsError(
    `AWS: could not ${doing}: ${name === 'Error' ? '' : `${name}: `}${what}${/[.!?]$/.test(what) ? '' : '.'}${
      kind ? ` ${kind.remedy(error as SdkError)}` : status ? ` (HTTP ${status})` : ''
    }`,
    { cause: error },
  );
}

/** Settings that every client of the SDK is made with: an address that does not answer is given up within seconds. */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000, throwOnRequestTimeout: true },
} as const;
