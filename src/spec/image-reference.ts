import type { Fault } from './fault.ts';

// The grammar of github.com/distribution/reference, taken apart so that each fault can be named.
const pathComponent = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const domain =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]{1,5})?$/;
const tag = /^\w[\w.-]{0,127}$/;
const digest = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const longestName = 255;

const allowed = '`AUTO` or an image reference such as `nginx:1.29`';

interface Parts {
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Where Docker draws the lines: the first component is a registry when it has a dot or a port, or is localhost. */
function takeApart(reference: string): Parts {
  const at = reference.indexOf('@');
  const named = at < 0 ? reference : reference.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  return {
    ...(hasRegistry && { registry: first }),
    repository: hasRegistry ? name.slice(slash + 1) : name,
    ...(colon >= 0 && { tag: named.slice(colon + 1) }),
    ...(at >= 0 && { digest: reference.slice(at + 1) }),
  };
}

export function isAuto(image: string): boolean {
  return image.toUpperCase() === 'AUTO';
}

export function judgeImage(image: string): Fault | undefined {
  const fault = (hint: string): Fault => ({ allowed, hint });
  if (isAuto(image)) return undefined;
  if (image === '') return { allowed };
  if (/\s/.test(image)) {
    return fault(
      image.trim() === '' || /\s/.test(image.trim()) ? 'A reference has no spaces.' : `Write \`${image.trim()}\`.`,
    );
  }
  if (/^[a-z]+:\/\//i.test(image)) {
    return fault(
      `Leave \`${image.slice(0, image.indexOf('//') + 2)}\` out: write \`${image.replace(/^[a-z]+:\/\//i, '')}\`.`,
    );
  }
  const parts = takeApart(image);
  if (parts.registry !== undefined && !domain.test(parts.registry)) {
    return fault(`\`${parts.registry}\` is not the address of a registry.`);
  }
  if (parts.repository.length > longestName) return fault(`A repository has at most ${longestName} characters.`);
  if (/[A-Z]/.test(parts.repository)) {
    return fault(
      `Repositories are lower-case: write \`${image.replace(parts.repository, parts.repository.toLowerCase())}\`.`,
    );
  }
  if (!parts.repository.split('/').every((component) => pathComponent.test(component))) {
    return fault(
      parts.repository === ''
        ? 'The repository is missing.'
        : `\`${parts.repository}\` is not a repository: parts of lower-case letters and digits, with single \`.\`, \`_\` or \`-\` between them, joined by \`/\`.`,
    );
  }
  if (parts.tag !== undefined && !tag.test(parts.tag)) {
    return fault(
      parts.tag === ''
        ? 'The tag after `:` is missing.'
        : 'A tag is at most 128 letters, digits, `_`, `.` and `-`, starting with a letter, a digit or `_`.',
    );
  }
  if (parts.digest !== undefined && !digest.test(parts.digest)) {
    return fault('A digest is `sha256:` and 64 hexadecimal digits, in lower case.');
  }
  return undefined;
}
