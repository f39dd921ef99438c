import { isAuto } from './image-reference.ts';
import { withLeadingSlash } from './probe-path.ts';
import { readPublicUri } from './public-uri.ts';
import { cpuQuantity, memoryQuantity } from './quantity.ts';
import type { Fields } from './schema.ts';
import type { EnvVar, Port, PublicUri, Service } from './service.ts';

/** Limits are this many times the requests. */
const limitFactor = 2n;

/** The service that checked fields mean. */
export function normalize(fields: Fields): Service {
  const { cpu, memory } = fields.resource_request;
  const livenessPath = fields.liveness_probe_path ?? fields.healthcheck_path;
  const readinessPath = fields.readiness_probe_path ?? fields.healthcheck_path;
  return {
    name: fields.name,
    image: isAuto(fields.image) ? { auto: true } : { auto: false, reference: fields.image },
    ports: portsOf(fields),
    containers: { min: fields.min_containers, max: fields.max_containers },
    autoscaling: {
      cpuPercentage: fields.autoscaling_target_cpu_percentage,
      memoryPercentage: fields.autoscaling_target_mem_percentage,
    },
    envVars: envVarsOf(fields),
    secrets: fields.secrets,
    probes: {
      ...(livenessPath !== undefined && { livenessPath: withLeadingSlash(livenessPath) }),
      ...(readinessPath !== undefined && { readinessPath: withLeadingSlash(readinessPath) }),
    },
    ...(fields.consistent_hash !== undefined && { consistentHash: fields.consistent_hash }),
    ...(fields.sticky_session && { stickySession: { maxAgeSeconds: fields.sticky_session_max_age } }),
    resources: {
      requests: { cpu: cpuQuantity(cpu), memory: memoryQuantity(memory) },
      limits: { cpu: cpuQuantity(cpu, limitFactor), memory: memoryQuantity(memory, limitFactor) },
    },
    publicUris: [fields.public_uri].flat().flatMap((text): PublicUri[] => {
      const uri = readPublicUri(text);
      return 'allowed' in uri ? [] : [uri];
    }),
  };
}

function portsOf({ port }: Fields): readonly Port[] {
  if (port?.http !== undefined) return [{ name: 'http', type: 'http', port: port.http, servicePort: 80 }];
  if (port?.tcp !== undefined) return [{ name: 'tcp', type: 'tcp', port: port.tcp, servicePort: port.tcp }];
  return [];
}

function envVarsOf({ env_vars: given }: Fields): readonly EnvVar[] {
  const pairs = Array.isArray(given) ? given.map(({ name, value }) => [name, value] as const) : Object.entries(given);
  return pairs.map(([name, value]) => ({ name, value: String(value) }));
}
