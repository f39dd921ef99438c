/** The few images that pods of the bed run from: FROM scratch with one static program each, pushed without any docker. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loopback, ports, registry, registryLogin } from './layout.ts';
import { type Answer, send } from './probe.ts';

export const imageOf = (name: string): string => `${registry}/bed/${name}:1`;

/** A tar archive with one executable in its root, owned by root, dated 1970: the same bytes for the same program. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o755, 7), 100); // mode
  header.write(octal(0, 7), 108); // owner
  header.write(octal(0, 7), 116); // group
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136); // time
  header.write('        ', 148); // the checksum counts its own field as blanks
  header.write('0', 156); // a regular file
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Pushes `bed/NAME:1`, an image with `program` as its entrypoint, see imageOf. */
export async function pushImage(name: string, program: string): Promise<void> {
  const layer = tarOf(name, await readFile(program));
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: [`/${name}`] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    }),
  );
  const describe = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: describe('application/vnd.oci.image.config.v1+json', config),
    layers: [describe('application/vnd.oci.image.layer.v1.tar', layer)],
  });
  await Promise.all([pushBlob(name, layer), pushBlob(name, config)]);
  const answer = await call('PUT', `/v2/bed/${name}/manifests/1`, { 'content-type': mediaType }, Buffer.from(manifest));
  expect(answer, 201, `push the manifest of ${name}`);
}

async function pushBlob(name: string, bytes: Buffer): Promise<void> {
  const digest = digestOf(bytes);
  if ((await call('HEAD', `/v2/bed/${name}/blobs/${digest}`)).status === 200) return;
  const start = await call('POST', `/v2/bed/${name}/blobs/uploads/`);
  expect(start, 202, `start a push of ${name}`);
  const { pathname, search } = new URL(start.location, `http://${registry}`);
  const target = `${pathname}${search}${search ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
  const answer = await call('PUT', target, { 'content-type': 'application/octet-stream' }, bytes);
  expect(answer, 201, `push a layer of ${name}`);
}

function call(method: string, path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Answer> {
  const auth = `${registryLogin.user}:${registryLogin.password}`;
  return send(`http://${loopback}:${ports.registry}${path}`, { method, headers, auth, timeout: 60_000 }, body);
}

function expect(answer: Answer, status: number, what: string): void {
  if (answer.status === status) return;
  throw new Error(`Cannot ${what} to ${registry}: it answers ${answer.status} ${answer.body.slice(0, 500)}`);
}
