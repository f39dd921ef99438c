import type { Fault } from './fault.ts';
import type { PublicUri } from './service.ts';

const allowed = 'a host (`hello.example.com`), `host/path`, `/path` or `*`';
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const segment = /^[A-Za-z0-9._~-]+$/;
const longestHost = 253;

function fault(hint?: string): Fault {
  return hint === undefined ? { allowed } : { allowed, hint };
}

function judgeHost(host: string, rest: string): Fault | undefined {
  if (host.includes(':')) {
    return fault(
      `Leave the port out, it comes from the ingress: write \`${host.slice(0, host.indexOf(':'))}${rest}\`.`,
    );
  }
  // An Ingress and a Gateway both take a wildcard for the leftmost label, and nowhere else.
  const labels = (host.startsWith('*.') ? host.slice(2) : host).split('.');
  if (labels.some((part) => part.includes('*'))) {
    return fault('A `*` in a host stands alone before the first dot: `*.example.com`.');
  }
  if (host.endsWith('.')) return fault(`Leave the last dot out: write \`${host.slice(0, -1)}${rest}\`.`);
  if (!labels.every((part) => label.test(part)) || host.length > longestHost) {
    return fault(
      'A host is made of letters, digits and `-` between dots, at most 63 in a part and 253 in all (international names in their `xn--` form).',
    );
  }
  if (labels.length === 1) {
    return fault(`Write \`/${host}\` for a path, or a whole host such as \`${host}.example.com\`.`);
  }
  if (labels.every((part) => /^[0-9]+$/.test(part))) return fault('An IP address is not a host: write its DNS name.');
  return undefined;
}

function judgePath(path: string): Fault | undefined {
  if (path.endsWith('/*')) {
    return fault(
      `A path covers everything below it: leave \`/*\` out and write \`${path.slice(0, -2) || '/'}\` for the path.`,
    );
  }
  const segments = path.slice(1).split('/');
  if (segments.includes('')) return fault('Write a single `/` for `//`.');
  if (segments.some((part) => part === '.' || part === '..')) return fault('The path has `.` or `..` for a part.');
  if (!segments.every((part) => segment.test(part))) {
    return fault('A path is made of letters, digits, `-`, `_`, `.` and `~` between slashes.');
  }
  return undefined;
}

/** Hosts become lower-case, a trailing slash goes; paths keep their case, because servers tell cases apart. */
export function readPublicUri(text: string): PublicUri | Fault {
  if (text === '*') return { path: '/' };
  if (text === '') return fault();
  if (/\s/.test(text)) return fault(/\s/.test(text.trim()) ? 'Remove the spaces.' : `Write \`${text.trim()}\`.`);
  const scheme = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(text);
  if (scheme) return fault(`Leave \`${scheme[0]}\` out: write \`${text.slice(scheme[0].length)}\`.`);
  const query = text.search(/[?#]/);
  if (query >= 0) {
    const what = text[query] === '?' ? 'A query' : 'A fragment';
    return fault(`${what} does not choose a service: write \`${text.slice(0, query)}\`.`);
  }
  const slash = text.indexOf('/');
  const host = (slash < 0 ? text : text.slice(0, slash)).toLowerCase();
  const path = (slash < 0 ? '' : text.slice(slash)).replace(/(?<=.)\/$/, '') || '/';
  const problem =
    (host === '' || (host === '*' && slash > 0) ? undefined : judgeHost(host, path === '/' ? '' : path)) ??
    (path === '/' ? undefined : judgePath(path));
  if (problem) return problem;
  return host === '' || host === '*' ? { path } : { host, path };
}

export function judgePublicUri(text: string): Fault | undefined {
  const read = readPublicUri(text);
  return 'allowed' in read ? read : undefined;
}

/** Whether the host is the domain or below it. An address without a host is inside every domain. */
export function isInside(uri: PublicUri, domain: string): boolean {
  const parent = domain.toLowerCase().replace(/\.$/, '');
  return uri.host === undefined || uri.host === parent || uri.host.endsWith(`.${parent}`);
}
