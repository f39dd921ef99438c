import { enumerate, type Fault } from './fault.ts';

/** The nginx variables that tell requests apart (ngx_http_core_module), and that other controllers can be asked for. */
export const hashVariablePattern =
  /^\$(?:request_uri|remote_addr|http_[a-z0-9_]+|cookie_[A-Za-z0-9_]+|arg_[A-Za-z0-9_]+)$/;

const forms = ['$request_uri', '$remote_addr', '$http_<header>', '$cookie_<name>', '$arg_<name>'];

export function judgeHashVariable(text: string): Fault | undefined {
  if (hashVariablePattern.test(text)) return undefined;
  const allowed = `one of the nginx variables ${enumerate(forms, 'or')}`;
  const name = text.replace(/^\$?\{?/, '').replace(/\}$/, '');
  const fixed = `$${name.startsWith('http_') ? name.toLowerCase().replaceAll('-', '_') : name}`;
  return hashVariablePattern.test(fixed) ? { allowed, hint: `Write \`${fixed}\`.` } : { allowed };
}
