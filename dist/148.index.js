export const id = 148;
export const ids = [148];
export const modules = {

/***/ 5148:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  buildAndPush: () => (/* binding */ buildAndPush),
  buildxArgs: () => (/* binding */ buildxArgs),
  plainBuildArgs: () => (/* binding */ plainBuildArgs),
  secretEnvironment: () => (/* binding */ secretEnvironment)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./.build/src/errors.js
var errors = __webpack_require__(6624);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(481);
;// CONCATENATED MODULE: ./.build/src/docker/process.js


const keptLines = 25;
/** A cancelled job has 7.5 s from SIGINT to SIGTERM and 2.5 s more to its end. */
const graceMilliseconds = 3000;
/**
 * Runs a program, without a shell, and waits for its end. When the signal aborts, the program and all it started get
 * SIGTERM, then SIGKILL, and only after their end is the signal's reason thrown.
 *
 * @throws the error of `spawn` when there is no such program (`code` ENOENT)
 */
async function runProcess(program, args, { env, signal, onLine }) {
    signal.throwIfAborted();
    // A group of its own, because docker leaves the work to a plugin that is another process.
    const child = (0,external_node_child_process_.spawn)(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const killGroup = (name) => {
        try {
            if (child.pid !== undefined)
                process.kill(-child.pid, name);
        }
        catch {
            // It has ended by itself.
        }
    };
    let kill;
    const onAbort = () => {
        killGroup('SIGTERM');
        kill = setTimeout(killGroup, graceMilliseconds, 'SIGKILL');
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const lastLines = [];
    for (const input of [child.stdout, child.stderr]) {
        (0,external_node_readline_.createInterface)({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
            lastLines.push(line);
            if (lastLines.length > keptLines)
                lastLines.shift();
            onLine?.(line);
        });
    }
    try {
        const code = await new Promise((resolve, reject) => {
            child.once('error', reject);
            child.once('close', (code) => resolve(code ?? 1));
        });
        signal.throwIfAborted();
        return { code, lastLines };
    }
    finally {
        signal.removeEventListener('abort', onAbort);
        clearTimeout(kill);
    }
}

;// CONCATENATED MODULE: ./.build/src/docker/buildx.js
/** Building and pushing an image with docker. */




/**
 * The arguments of `docker` for a build that pushes. Values of secrets are not in them (see `secretEnvironment`). Values
 * of build arguments are: they end up in the image's history anyway, and in the environment one named PATH or
 * DOCKER_HOST would be docker's own.
 *
 * @param metadataFile that buildx writes the digest to
 */
function buildxArgs(build, metadataFile) {
    return [
        'buildx',
        'build',
        '--progress=plain',
        '--push',
        `--metadata-file=${metadataFile}`,
        ...Object.keys(build.secrets).flatMap((id, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
        ...(build.provenance === undefined ? [] : [`--provenance=${build.provenance}`]),
        ...commonArgs(build),
    ];
}
/** The arguments of `docker` without buildx, for the builder that is built into the daemon. */
function plainBuildArgs(build) {
    return ['build', ...commonArgs(build)];
}
function commonArgs(build) {
    const pairs = (record) => Object.keys(record)
        .sort()
        .map((name) => `${name}=${record[name]}`);
    return [
        '--file',
        external_node_path_.resolve(build.workspace, build.dockerfile),
        '--tag',
        build.reference,
        ...pairs(build.buildArgs).flatMap((pair) => ['--build-arg', pair]),
        ...pairs(build.labels).flatMap((pair) => ['--label', pair]),
        ...(build.platforms.length === 0 ? [] : ['--platform', build.platforms.join(',')]),
        ...(build.target === undefined ? [] : ['--target', build.target]),
        ...(build.pull ? ['--pull'] : []),
        external_node_path_.resolve(build.workspace, build.context),
    ];
}
const secretVariable = (index) => `BUILD_SECRET_${index}`;
/** The variables that `buildxArgs` refers to. */
function secretEnvironment(secrets) {
    return Object.fromEntries(Object.values(secrets).map((value, index) => [secretVariable(index), value]));
}
/**
 * Builds and pushes.
 *
 * @returns the digest that was pushed; undefined when docker does not tell
 * @throws ImageError with the last lines of docker, or with what to do where there is no docker
 */
async function buildAndPush(build, options) {
    const { log, signal, configFolder } = options;
    const inherited = Object.entries(options.env).filter(([name]) => !name.startsWith('INPUT_'));
    const env = { ...Object.fromEntries(inherited), DOCKER_CONFIG: configFolder };
    const docker = (args, more = {}, onLine) => startDocker(args, { env: { ...env, ...more }, signal, ...(onLine ? { onLine } : {}) });
    // The bar keeps the runner from taking a line that starts with `::` for a command.
    const show = (line) => {
        if (line.trim() !== '')
            log.info(`  \u2502 ${line.replaceAll('##[', '## [')}`);
    };
    const buildx = await docker(['buildx', 'version']);
    if (buildx.code === 0) {
        const metadataFile = external_node_path_.join(configFolder, 'build-metadata.json');
        const result = await docker(buildxArgs(build, metadataFile), secretEnvironment(build.secrets), show);
        if (result.code !== 0)
            throw buildError('docker build', build, result);
        return pushedDigest(metadataFile);
    }
    refuseWithoutBuildx(build);
    log.info('There is no buildx: building with plain "docker build" and "docker push". docker/setup-buildx-action adds it.');
    const built = await docker(plainBuildArgs(build), { DOCKER_BUILDKIT: '0' }, show);
    if (built.code !== 0)
        throw buildError('docker build', build, built);
    const pushed = await docker(['push', build.reference], {}, show);
    if (pushed.code !== 0)
        throw buildError('docker push', build, pushed);
    return undefined;
}
async function pushedDigest(metadataFile) {
    try {
        const metadata = JSON.parse(await (0,promises_.readFile)(metadataFile, 'utf8'));
        const digest = metadata['containerimage.digest'];
        return typeof digest === 'string' ? digest : undefined;
    }
    catch {
        // Not every builder writes it, and the registry knows as well.
        return undefined;
    }
}
async function startDocker(args, options) {
    try {
        return await runProcess('docker', args, options);
    }
    catch (error) {
        if (error.code !== 'ENOENT')
            throw error;
        throw new errors/* ImageError */.C8('There is no docker on this runner, and the image has to be built. Use a runner that has it (GitHub-hosted Linux runners do), or deploy an image that exists: image_tag, image_digest, or a reference as image in the spec.', { cause: error });
    }
}
function refuseWithoutBuildx(build) {
    const needs = [
        ...(Object.keys(build.secrets).length > 0 ? ['build_secrets'] : []),
        ...(build.platforms.length > 1 ? ['more than one of platforms'] : []),
    ];
    if (needs.length === 0)
        return;
    throw new errors/* UserError */.yo(`docker on this runner has no buildx, which ${needs.join(' and ')} need. Add a step "uses: docker/setup-buildx-action" before this one.`);
}
/** What is known of docker's own words, and what helps. */
const remedies = [
    [
        /permission denied while trying to connect to the docker/i,
        'The user of the runner may not use docker: add it to the group docker, or set DOCKER_HOST to a daemon that it may use.',
    ],
    [
        /cannot connect to the docker daemon|failed to connect to the docker API|error during connect|is the docker daemon running/i,
        'The docker daemon cannot be reached: start it on the runner, or set DOCKER_HOST to where it is.',
    ],
    [
        /no space left on device/i,
        'The disk of the runner is full: free some (docker system prune), or use a larger runner.',
    ],
    [
        /multi-?platform build is not supported|multiple platforms feature is currently not supported/i,
        'Add a step "uses: docker/setup-buildx-action" before this one, whose builder can build for several platforms.',
    ],
    [
        /toomanyrequests|429 Too Many Requests/i,
        'A registry limits how often base images are pulled: log in to it before this step (docker/login-action), or use a mirror.',
    ],
];
function buildError(step, build, { code, lastLines }) {
    const text = lastLines.join('\n');
    const remedy = remedies.find(([pattern]) => pattern.test(text))?.[1];
    return new errors/* ImageError */.C8(`${step} failed (exit code ${code}) for ${build.dockerfile} with the context ${build.context}.${remedy ? ` ${remedy}` : ''} Its last lines:\n${text}`);
}


/***/ })

};
