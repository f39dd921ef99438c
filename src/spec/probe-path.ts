import type { Fault } from './fault.ts';

const allowed = 'a path such as `/healthz`';

/** A path that kubelet asks for on the http port. It may have a query; a missing first slash is added later. */
export function judgeProbePath(text: string): Fault | undefined {
  if (text === '') return { allowed };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('//')) {
    const path = text.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, '') || '/';
    return { allowed, hint: `The container itself is asked: write only the path, \`${path}\`.` };
  }
  if (text.includes('#')) return { allowed, hint: 'A fragment (`#…`) is never sent to a server: leave it out.' };
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return { allowed, hint: 'It has a space or another character that must be percent-encoded (a space is `%20`).' };
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(text))
    return { allowed, hint: 'A `%` starts a code of two hexadecimal digits: write `%25` for a percent sign.' };
  return undefined;
}

export function withLeadingSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
