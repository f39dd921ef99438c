#!/usr/bin/env node
// A docker whose build is a manifest that it pushes, with the login that it finds in its configuration. What it is to do
// stands in FAKE_DOCKER: ok, no-buildx, fails, no-daemon, hangs. It writes what it was called with to FAKE_DOCKER_LOG.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const args = process.argv.slice(2);
const { DOCKER_CONFIG, FAKE_DOCKER: mode = 'ok', FAKE_DOCKER_LOG: log } = process.env;
const option = (name) =>
  args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? args[args.indexOf(name) + 1];

if (log) {
  const config = existsSync(`${DOCKER_CONFIG}/config.json`)
    ? {
        folder: DOCKER_CONFIG,
        mode: (lstatSync(DOCKER_CONFIG).mode & 0o777).toString(8),
        names: readdirSync(DOCKER_CONFIG).sort(),
        json: JSON.parse(readFileSync(`${DOCKER_CONFIG}/config.json`, 'utf8')),
      }
    : undefined;
  appendFileSync(log, `${JSON.stringify({ args, env: process.env, config })}\n`);
}

async function push(reference) {
  const [, host, name, tag] = /^([^/]+)\/(.*):([^:]+)$/.exec(reference);
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: `sha256:${'0'.repeat(64)}`,
    size: 900,
  };
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { ...layer, mediaType: 'application/vnd.oci.image.config.v1+json', size: 100 },
    layers: [layer],
    annotations: { tag },
  });
  const { auth } = JSON.parse(readFileSync(`${DOCKER_CONFIG}/config.json`, 'utf8')).auths[host];
  const answer = await fetch(`http://${host}/v2/${name}/manifests/${tag}`, {
    method: 'PUT',
    headers: { authorization: `Basic ${auth}`, 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
    body,
  });
  if (answer.status !== 201) {
    console.error(`ERROR: failed to push ${reference}: ${await answer.text()}`);
    process.exit(1);
  }
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

if (args[0] === 'buildx' && args[1] === 'version') {
  if (mode === 'no-buildx') {
    console.error("docker: 'buildx' is not a docker command.");
    process.exit(1);
  }
  console.log('github.com/docker/buildx v0.29.1');
} else if (args[0] === 'push') {
  console.log(`digest: ${await push(args[1])}`);
} else if (mode === 'fails') {
  for (let line = 1; line <= 40; line += 1) console.error(`#7 line ${line}`);
  console.error('::error::not a command of ours');
  console.error('ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2');
  process.exit(1);
} else if (mode === 'no-daemon') {
  console.error('ERROR: Cannot connect to the Docker daemon at unix:///nowhere. Is the docker daemon running?');
  process.exit(1);
} else if (mode === 'hangs') {
  process.on('SIGTERM', () => {
    if (log) appendFileSync(log, `${JSON.stringify({ terminated: true })}\n`);
    process.exit(143);
  });
  console.error('#1 hanging');
  setInterval(() => {}, 1000);
} else {
  console.error('#1 [internal] load build definition from Dockerfile');
  if (args[0] === 'buildx') {
    const digest = await push(option('--tag'));
    writeFileSync(option('--metadata-file'), JSON.stringify({ 'containerimage.digest': digest }));
  }
}
