/** The bed's certificate authority and what it signs, made by openssl: elliptic curve keys, because those cost nothing. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { command } from './command.ts';
import { bridge, inState, loopback, ports, services } from './layout.ts';

export const pki = (name: string): string => inState('pki', name);
export const kubeconfig = inState('kubeconfig');

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];

async function sign(name: string, subject: string, ...extensions: string[]): Promise<void> {
  const files = ['-keyout', pki(`${name}.key`), '-out', pki(`${name}.crt`)];
  const authority = ['-CA', pki('ca.crt'), '-CAkey', pki('ca.key')];
  const more = extensions.flatMap((extension) => ['-addext', extension]);
  await command('openssl', ['req', '-x509', ...newKey, ...authority, ...files, '-subj', subject, ...more]);
}

/** Makes every key and certificate and the administrator's kubeconfig, unless they are there. */
export async function makeCertificates(apiServer: string): Promise<void> {
  if (existsSync(kubeconfig)) return;
  await mkdir(pki(''), { recursive: true, mode: 0o700 });
  const authority = ['-keyout', pki('ca.key'), '-out', pki('ca.crt'), '-subj', '/CN=bed'];
  await command('openssl', ['req', '-x509', ...newKey, ...authority]);
  const names = [bridge.gateway, services.apiServer, loopback].map((address) => `IP:${address}`);
  await Promise.all([
    sign(
      'api',
      '/CN=kube-apiserver',
      `subjectAltName=${[...names, 'DNS:localhost', 'DNS:kubernetes.default.svc'].join(',')}`,
      'basicConstraints=critical,CA:FALSE',
    ),
    sign('admin', '/O=system:masters/CN=admin', 'basicConstraints=critical,CA:FALSE'),
    sign('front', '/CN=front', 'basicConstraints=critical,CA:FALSE'),
    command('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', pki('sa.key')]).then(() =>
      command('openssl', ['ec', '-in', pki('sa.key'), '-pubout', '-out', pki('sa.pub')]),
    ),
  ]);
  const base64 = async (name: string): Promise<string> => (await readFile(pki(name))).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'bed',
        cluster: {
          server: `https://${apiServer}:${ports.apiServer}`,
          'certificate-authority-data': await base64('ca.crt'),
        },
      },
    ],
    users: [
      {
        name: 'admin',
        user: { 'client-certificate-data': await base64('admin.crt'), 'client-key-data': await base64('admin.key') },
      },
    ],
    contexts: [{ name: 'bed', context: { cluster: 'bed', user: 'admin' } }],
    'current-context': 'bed',
  };
  await writeFile(kubeconfig, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
