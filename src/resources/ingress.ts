import type { PublicUri, Service } from '../spec/service.ts';
import { ownedLabels } from './labels.ts';
import type { Manifest } from './manifest.ts';

/**
 * Routes by ingress-nginx.
 * Annotations: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
const prefix = 'nginx.ingress.kubernetes.io';

/** The cookie Opta's services used; kept, so that a session survives the move. */
const stickyCookie = 'opta_cookie';

function loadBalancing(service: Service): Record<string, string> {
  const { stickySession, consistentHash } = service;
  return {
    ...(stickySession && {
      [`${prefix}/affinity`]: 'cookie',
      [`${prefix}/session-cookie-max-age`]: String(stickySession.maxAgeSeconds),
      [`${prefix}/session-cookie-name`]: stickyCookie,
      // Without it the cookie's path is the location's, which with a regular expression is no path at all.
      [`${prefix}/session-cookie-path`]: '/',
    }),
    ...(consistentHash && { [`${prefix}/upstream-hash-by`]: consistentHash }),
  };
}

function rulesFor(uris: readonly PublicUri[], pathOf: (path: string) => object): object[] {
  const hosts = [...new Set(uris.map(({ host }) => host))];
  return hosts.map((host) => ({
    ...(host !== undefined && { host }),
    http: { paths: uris.filter((uri) => uri.host === host).map(({ path }) => pathOf(path)) },
  }));
}

/**
 * The Ingresses of a service: `<name>` for addresses that are a whole host, `<name>-prefix` for those below a path,
 * whose prefix is stripped before the request reaches the service (`/shop/a` → `/a`, `/shop` → `/`). They are two
 * objects because nginx's rewrite annotation acts on every path of an Ingress.
 */
export function renderIngresses(service: Service, namespace: string): Manifest[] {
  const backend = { service: { name: service.name, port: { name: service.ports[0]?.name } } };
  const ingress = (name: string, annotations: Record<string, string>, rules: object[]): Manifest => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace,
      labels: ownedLabels(service.name, namespace),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: { ingressClassName: 'nginx', rules },
  });
  const whole = service.publicUris.filter(({ path }) => path === '/');
  const below = service.publicUris.filter(({ path }) => path !== '/');
  const balancing = loadBalancing(service);
  const ingresses: Manifest[] = [];
  if (whole.length > 0) {
    const rules = rulesFor(whole, (path) => ({ path, pathType: 'Prefix', backend }));
    ingresses.push(ingress(service.name, balancing, rules));
  }
  if (below.length > 0) {
    const annotations = { ...balancing, [`${prefix}/rewrite-target`]: '/$2', [`${prefix}/use-regex`]: 'true' };
    const rules = rulesFor(below, (path) => ({
      path: `${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(/|$)(.*)`,
      pathType: 'ImplementationSpecific',
      backend,
    }));
    ingresses.push(ingress(`${service.name}-prefix`, annotations, rules));
  }
  return ingresses;
}

/** The addresses of a service that name a host, as a person would open them. */
export function publicUrls(service: Service): string[] {
  return service.publicUris
    .filter(({ host }) => host !== undefined && !host.startsWith('*'))
    .map(({ host, path }) => `http://${host}${path}`);
}
