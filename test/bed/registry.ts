import { writeFile } from 'node:fs/promises';
import { inState, loopback, ports, registry, registryLogin } from './layout.ts';
import type { Part } from './part.ts';
import { send } from './probe.ts';

/** The OCI registry; it takes the user and password of moto's ECR token. */
export function registryPart(servers: string): Part {
  return {
    name: 'registry',
    address: registry,
    command: async () => {
      const passwords = inState('registry.htpasswd');
      const file = inState('registry.json');
      const config = {
        version: '0.1',
        log: { level: 'info' },
        storage: { filesystem: { rootdirectory: inState('images') }, delete: { enabled: true } },
        http: { addr: `${loopback}:${ports.registry}` },
        auth: { htpasswd: { realm: 'bed', path: passwords } },
      };
      await writeFile(passwords, registryLogin.htpasswd, { mode: 0o600 });
      await writeFile(file, JSON.stringify(config));
      return [servers, 'registry', 'serve', file];
    },
    // Without a password it refuses, which shows that it answers.
    isReady: async () => (await send(`http://${loopback}:${ports.registry}/v2/`)).status === 401,
  };
}
