export const id = 151;
export const ids = [151];
export const modules = {

/***/ 9151:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openEcr: () => (/* binding */ openEcr)
/* harmony export */ });
/* unused harmony export lifecyclePolicy */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3542);
/** The repository of a service in ECR. The SDK is loaded at the first call: a run with an external image never needs it. */

/** Untagged images are left-overs of a push that failed, or parts of an image for several platforms, which stay with it. */
const lifecyclePolicy = {
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
/** Every method throws AwsError. */
async function openEcr(options) {
    const { log, mask, signal } = options;
    const sdk = await Promise.all(/* import() */[__webpack_require__.e(118), __webpack_require__.e(861), __webpack_require__.e(249)]).then(__webpack_require__.t.bind(__webpack_require__, 8249, 19));
    const client = new sdk.ECRClient({
        ..._errors_js__WEBPACK_IMPORTED_MODULE_0__/* .clientSettings */ .r,
        ...(options.region === undefined ? {} : { region: options.region }),
    });
    async function attempt(doing, call) {
        try {
            return await call();
        }
        catch (error) {
            signal.throwIfAborted();
            throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toAwsError */ .D)(error, doing);
        }
    }
    function findRepository(name) {
        return attempt(`look up the ECR repository ${name}`, async () => {
            try {
                const command = new sdk.DescribeRepositoriesCommand({ repositoryNames: [name] });
                return (await client.send(command, { abortSignal: signal })).repositories?.[0]?.repositoryUri;
            }
            catch (error) {
                if (error.name === 'RepositoryNotFoundException')
                    return undefined;
                throw error;
            }
        });
    }
    function createRepository(name) {
        return attempt(`create the ECR repository ${name}`, async () => {
            try {
                const command = new sdk.CreateRepositoryCommand({
                    repositoryName: name,
                    imageTagMutability: 'IMMUTABLE',
                    imageScanningConfiguration: { scanOnPush: true },
                    tags: [{ Key: 'managed-by', Value: 'k8s-service-action' }],
                });
                return (await client.send(command, { abortSignal: signal })).repository?.repositoryUri;
            }
            catch (error) {
                if (error.name === 'RepositoryAlreadyExistsException')
                    return undefined;
                throw error;
            }
        });
    }
    async function putLifecyclePolicy(name) {
        try {
            await attempt(`set the lifecycle policy of the ECR repository ${name}`, () => {
                const lifecyclePolicyText = JSON.stringify(lifecyclePolicy);
                const command = new sdk.PutLifecyclePolicyCommand({ repositoryName: name, lifecyclePolicyText });
                return client.send(command, { abortSignal: signal });
            });
        }
        catch (error) {
            signal.throwIfAborted();
            // It only keeps the repository small: no reason not to deploy.
            log.warning(`${error.message} Old images stay until there is one.`);
        }
    }
    return {
        findRepository,
        async ensureRepository(name) {
            const found = await findRepository(name);
            if (found)
                return found;
            const created = await createRepository(name);
            if (created) {
                log.info(`Created the ECR repository ${created}.`);
                await putLifecyclePolicy(name);
                return created;
            }
            // Another job has created it in the meantime.
            const other = await findRepository(name);
            if (other)
                return other;
            throw (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toAwsError */ .D)(new Error('it was deleted while this job ran'), `find the ECR repository ${name}`);
        },
        credentials: () => attempt('get a login for ECR', async () => {
            const answer = await client.send(new sdk.GetAuthorizationTokenCommand({}), { abortSignal: signal });
            const token = answer.authorizationData?.[0]?.authorizationToken ?? '';
            const login = Buffer.from(token, 'base64').toString();
            const colon = login.indexOf(':');
            const password = login.slice(colon + 1);
            if (colon === -1 || password === '')
                throw new Error('the answer holds no token');
            mask(token);
            mask(password);
            return { username: login.slice(0, colon), password };
        }),
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
