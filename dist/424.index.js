export const id = 424;
export const ids = [424];
export const modules = {

/***/ 5424:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   describeCluster: () => (/* binding */ describeCluster)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6624);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3542);
/** Where an EKS cluster is. The SDK is loaded at the first call: a run with a kubeconfig never needs it. */


/**
 * @param region absent is what the SDK finds in the environment
 * @throws AwsError when there is no such cluster, when it is not up yet, and when AWS refuses
 */
async function describeCluster(name, region, signal) {
    const sdk = await Promise.all(/* import() */[__webpack_require__.e(118), __webpack_require__.e(861), __webpack_require__.e(524)]).then(__webpack_require__.t.bind(__webpack_require__, 4524, 19));
    const client = new sdk.EKSClient({ ..._errors_js__WEBPACK_IMPORTED_MODULE_1__/* .clientSettings */ .r, ...(region === undefined ? {} : { region }) });
    const doing = `look up the EKS cluster ${name}`;
    try {
        const asked = await client.config.region();
        const { cluster } = await client.send(new sdk.DescribeClusterCommand({ name }), { abortSignal: signal });
        if (!cluster?.endpoint || !cluster.certificateAuthority?.data) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsError */ .Gy(`The EKS cluster ${name} in ${asked} has no endpoint yet: it is ${cluster?.status ?? 'in an unknown state'}. Run the job again once it is ACTIVE.`);
        }
        const issuer = cluster.identity?.oidc?.issuer;
        return {
            name,
            region: asked,
            endpoint: cluster.endpoint,
            ca: Buffer.from(cluster.certificateAuthority.data, 'base64').toString(),
            ...(issuer === undefined ? {} : { oidcIssuer: issuer }),
        };
    }
    catch (error) {
        signal.throwIfAborted();
        if (error.name === 'ResourceNotFoundException') {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsError */ .Gy(`There is no EKS cluster ${name} in ${await client.config.region()} in the account of the job's role. Check the inputs cluster and region, and the role; "aws eks list-clusters --region ${await client.config.region()}" lists the ones there are.`, { cause: error });
        }
        throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .toAwsError */ .D)(error, doing);
    }
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
