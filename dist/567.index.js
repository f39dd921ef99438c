export const id = 567;
export const ids = [567];
export const modules = {

/***/ 3567:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   eksTokens: () => (/* binding */ eksTokens),
/* harmony export */   signEksToken: () => (/* binding */ signEksToken)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3542);
/**
 * The bearer token by which an EKS cluster knows an AWS identity: a presigned request to STS that the cluster sends to find
 * out who signed it (https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster).
 */

/** The cluster refuses a token that was signed more than 15 minutes ago. */
const lifetimeMilliseconds = 14 * 60_000;
/** A token is not handed out when a request with it could come too late. */
const marginMilliseconds = 60_000;
/** Suffixes of the partitions other than `aws`, by the start of a region's name. */
const dnsSuffixes = [
    ['cn-', 'amazonaws.com.cn'],
    ['eusc-', 'amazonaws.eu'],
    ['us-iso-', 'c2s.ic.gov'],
    ['us-isob-', 'sc2s.sgov.gov'],
];
/** STS as the cluster expects it. AWS_ENDPOINT_URL plays no part: the cluster checks the host and calls it itself. */
function stsHost(region) {
    const suffix = dnsSuffixes.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
    return `sts.${region}.${suffix}`;
}
async function signEksToken(cluster, region, credentials, at) {
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
        __webpack_require__.e(/* import() */ 118).then(__webpack_require__.t.bind(__webpack_require__, 5118, 19)),
        __webpack_require__.e(/* import() */ 156).then(__webpack_require__.t.bind(__webpack_require__, 3156, 19)),
    ]);
    const host = stsHost(region);
    const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
    const { query = {} } = await signer.presign({
        method: 'GET',
        protocol: 'https:',
        hostname: host,
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host, 'x-k8s-aws-id': cluster },
    }, { expiresIn: 60, signingDate: at });
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    const url = `https://${host}/?${search.join('&')}`;
    return {
        token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`,
        expiresAt: new Date(at.getTime() + lifetimeMilliseconds),
    };
}
/**
 * @returns a function that gives a token which is good for at least a minute: the same one until it gets old
 * @throws AwsError from that function when there are no credentials
 */
function eksTokens(options) {
    const { cluster, region, now, mask } = options;
    let provider = options.credentials;
    let current;
    async function sign(at) {
        try {
            provider ??= (await Promise.all(/* import() */[__webpack_require__.e(118), __webpack_require__.e(861)]).then(__webpack_require__.t.bind(__webpack_require__, 5861, 19))).defaultProvider();
            const signed = await signEksToken(cluster, region, await provider(), at);
            mask(signed.token);
            return signed;
        }
        catch (error) {
            // The next call tries again.
            current = undefined;
            throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toAwsError */ .D)(error, `sign a token for the EKS cluster ${cluster}`);
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


/***/ }),

/***/ 3542:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ toAwsError),
/* harmony export */   r: () => (/* binding */ clientSettings)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6624);
/** What AWS says when it refuses, and what the reader of the log can do about it. */

const credentialsRemedy = 'Give the job "permissions: id-token: write" and add a step aws-actions/configure-aws-credentials with role-to-assume before this one.';
/**
 * Names from https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html, the like pages of EKS and STS,
 * and the SDK's own. The first row that fits counts.
 */
const kinds = [
    {
        names: ['CredentialsProviderError'],
        message: /could not load credentials|credential is missing/i,
        remedy: () => `There are no AWS credentials. ${credentialsRemedy}`,
    },
    {
        names: ['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired', 'RequestExpired'],
        message: /token (included in the request )?is expired/i,
        remedy: () => 'The AWS credentials of the job have expired. Run aws-actions/configure-aws-credentials closer to this step, or raise its role-duration-seconds.',
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
        remedy: () => 'AWS cannot be reached from the runner. Check that the region exists, the network of the runner, and AWS_ENDPOINT_URL where it is set.',
    },
    {
        names: ['LimitExceededException'],
        remedy: () => 'A quota of the AWS account is used up: ask for more in Service Quotas, or delete what is not needed.',
    },
];
/**
 * @param doing what was being done, as it stands after "AWS: could not": `create the ECR repository prod/web`
 * @returns an error with what AWS said and, where it is known, what to do; `error` itself when it is an AwsError already
 */
function toAwsError(error, doing) {
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsError */ .Gy)
        return error;
    const { name, message, code, $metadata } = error;
    const kind = kinds.find((kind) => kind.names.includes(name) ||
        (code && kind.names.includes(code)) ||
        kind.message?.test(`${message} ${code ?? ''}`));
    // A host with several addresses fails with one error for each, and no message of its own.
    const what = message || code || name;
    const status = $metadata?.httpStatusCode;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsError */ .Gy(`AWS: could not ${doing}: ${name === 'Error' ? '' : `${name}: `}${what}${/[.!?]$/.test(what) ? '' : '.'}${kind ? ` ${kind.remedy(error)}` : status ? ` (HTTP ${status})` : ''}`, { cause: error });
}
/** Settings that every client of the SDK is made with: an address that does not answer is given up within seconds. */
const clientSettings = {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000, throwOnRequestTimeout: true },
};


/***/ })

};
