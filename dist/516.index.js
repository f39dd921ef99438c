export const id = 516;
export const ids = [516];
export const modules = {

/***/ 3516:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   configWith: () => (/* binding */ configWith),
/* harmony export */   withDockerConfig: () => (/* binding */ withDockerConfig)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/**
 * A docker configuration of our own for as long as a build takes: the user's, and the registry's password beside it.
 *
 * The password is written into its `config.json` rather than handed to `docker login`. Login would write the same bytes to
 * the same file, after a process and a request more, or would put them into the machine's credential store, where they
 * outlive the step. Either way the password is in no argument and no environment variable.
 */



/**
 * The user's configuration with the password of one registry. Passwords of other registries stay, for base images from
 * there. A credential store hides what `auths` says, so it is asked for the other registries only.
 *
 * @param host of the registry, with its port
 */
function configWith(config, host, { username, password }) {
    const { credsStore, auths = {}, credHelpers = {}, ...rest } = config;
    const stored = credsStore ? Object.fromEntries(Object.keys(auths).map((registry) => [registry, credsStore])) : {};
    const { [host]: _, ...helpers } = { ...stored, ...credHelpers };
    return {
        ...rest,
        credHelpers: helpers,
        auths: { ...auths, [host]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } },
    };
}
/**
 * Runs `body` with the path of a configuration folder for `DOCKER_CONFIG`, which nobody else can read and which is
 * removed afterwards, whatever happens. It has all that the user's has: buildx and other plugins, the builders that
 * docker/setup-buildx-action made, contexts, certificates.
 *
 * @param env in which docker would have found its configuration
 */
async function withDockerConfig(env, host, credentials, log, body) {
    const original = env.DOCKER_CONFIG || node_path__WEBPACK_IMPORTED_MODULE_2__.join(env.HOME || (0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)(), '.docker');
    // mkdtemp makes it with mode 0700. The runner empties RUNNER_TEMP after the job, even after one that was killed.
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)(node_path__WEBPACK_IMPORTED_MODULE_2__.join(env.RUNNER_TEMP || (0,node_os__WEBPACK_IMPORTED_MODULE_1__.tmpdir)(), 'docker-config-'));
    try {
        const config = configWith(await readConfig(node_path__WEBPACK_IMPORTED_MODULE_2__.join(original, 'config.json'), log), host, credentials);
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)(node_path__WEBPACK_IMPORTED_MODULE_2__.join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
        for (const name of await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readdir)(original).catch(() => [])) {
            if (name !== 'config.json')
                await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.symlink)(node_path__WEBPACK_IMPORTED_MODULE_2__.resolve(original, name), node_path__WEBPACK_IMPORTED_MODULE_2__.join(folder, name));
        }
        return await body(folder);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(folder, { recursive: true, force: true });
    }
}
async function readConfig(file, log) {
    let text;
    try {
        text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(file, 'utf8');
    }
    catch {
        return {};
    }
    try {
        return JSON.parse(text) ?? {};
    }
    catch (error) {
        log.warning(`${file} is not JSON and is not used: ${error.message}`);
        return {};
    }
}


/***/ })

};
