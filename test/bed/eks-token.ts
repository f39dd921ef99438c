/** What an EKS cluster's authenticator checks of a token, as https://github.com/kubernetes-sigs/aws-iam-authenticator does. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface TokenRules {
  /** The cluster's name, which must have been signed as the header x-k8s-aws-id. */
  readonly cluster: string;
  /** Access key id → secret key. The real authenticator lets STS check the signature; here it is checked with these. */
  readonly keys: Readonly<Record<string, string>>;
  readonly now: Date;
}

export type TokenVerdict = { readonly accessKeyId: string } | { readonly refused: string };

const prefix = 'k8s-aws-v1.';
/** A token is good for this long after its date, whatever its own expiry says. Seconds. */
const lifetime = 15 * 60;
/** How far ahead of ours the signer's clock may be. Seconds. */
const skew = 5 * 60;
const stsHost = /^sts\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?amazonaws\.com(?:\.cn)?$/;
const required = new Set([
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
]);
const allowed = new Set([...required, 'X-Amz-Security-Token', 'x-id', 'X-Amz-Content-Sha256']);

/** Says who a token of the form `k8s-aws-v1.<base64url of a presigned STS GetCallerIdentity>` stands for, or why nobody. */
export function checkToken(token: string, rules: TokenRules): TokenVerdict {
  const refused = (reason: string): TokenVerdict => ({ refused: reason });
  if (!token.startsWith(prefix)) return refused(`the token does not start with ${prefix}`);
  const encoded = token.slice(prefix.length);
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return refused('the token is not base64url without padding');
  const url = URL.parse(Buffer.from(encoded, 'base64url').toString());
  if (!url) return refused('the token holds no URL');
  if (url.protocol !== 'https:') return refused(`the presigned URL is ${url.protocol}, not https:`);
  if (!stsHost.test(url.host)) return refused(`the presigned URL goes to ${url.host}, which is no STS host`);
  if (url.pathname !== '/') return refused(`the presigned URL has the path ${url.pathname}, not /`);
  const query = url.searchParams;
  for (const name of required) {
    if (query.getAll(name).length !== 1)
      return refused(`the presigned URL has ${query.getAll(name).length} parameters ${name}, not one`);
  }
  for (const name of query.keys()) {
    if (!allowed.has(name)) return refused(`the presigned URL has the unexpected parameter ${name}`);
  }
  const value = (name: string): string => query.get(name) ?? '';
  if (value('Action') !== 'GetCallerIdentity')
    return refused(`the action is ${value('Action')}, not GetCallerIdentity`);
  if (value('Version') !== '2011-06-15') return refused(`the API version is ${value('Version')}, not 2011-06-15`);
  if (value('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return refused(`the algorithm is ${value('X-Amz-Algorithm')}`);

  const expires = Number(value('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 0 || expires > lifetime)
    return refused(`the expiry of ${value('X-Amz-Expires')} s is not within 0 to ${lifetime}`);
  const date = parseDate(value('X-Amz-Date'));
  if (!date) return refused(`the date ${value('X-Amz-Date')} is not of the form 20260131T235959Z`);
  const age = (rules.now.getTime() - date.getTime()) / 1000;
  if (age < -skew) return refused(`the token is dated ${value('X-Amz-Date')}, in the future`);
  if (age > lifetime) return refused(`the token of ${value('X-Amz-Date')} has expired`);

  const credential = /^([A-Z0-9]{16,128})\/(\d{8})\/([a-z0-9-]+)\/sts\/aws4_request$/.exec(value('X-Amz-Credential'));
  if (!credential) return refused(`the credential ${value('X-Amz-Credential')} is not one for STS`);
  const [, accessKeyId = '', day = '', region = ''] = credential;
  if (!value('X-Amz-Date').startsWith(day)) return refused('the credential and the token are of different days');
  if (!/^[0-9a-f]{64}$/.test(value('X-Amz-Signature'))) return refused('the signature is not 64 hexadecimal digits');
  const signedHeaders = value('X-Amz-SignedHeaders').split(';');
  for (const header of ['host', 'x-k8s-aws-id']) {
    if (!signedHeaders.includes(header)) return refused(`the header ${header} is not signed`);
  }
  if (signedHeaders.length !== 2)
    return refused(`headers other than host and x-k8s-aws-id are signed: ${value('X-Amz-SignedHeaders')}`);

  const secret = Object.hasOwn(rules.keys, accessKeyId) ? rules.keys[accessKeyId] : undefined;
  if (secret === undefined) return refused(`the access key ${accessKeyId} is not known here`);
  const wanted = signatureOf(url, rules.cluster, secret, day, region);
  if (!timingSafeEqual(Buffer.from(wanted), Buffer.from(value('X-Amz-Signature')))) {
    return refused(`the signature is wrong: another secret key, or x-k8s-aws-id is not ${rules.cluster}`);
  }
  return { accessKeyId };
}

function parseDate(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Signature Version 4 of a presigned GET: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
function signatureOf(url: URL, cluster: string, secret: string, day: string, region: string): string {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const body = url.searchParams.get('X-Amz-Content-Sha256') ?? sha256('');
  const request = ['GET', '/', query, `host:${url.host}`, `x-k8s-aws-id:${cluster}`, '', 'host;x-k8s-aws-id', body];
  const scope = [day, region, 'sts', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', url.searchParams.get('X-Amz-Date'), scope.join('/'), sha256(request.join('\n'))];
  const key = scope.reduce((previous: string | Buffer, part) => hmac(previous, part), `AWS4${secret}`);
  return hmac(key, text.join('\n')).toString('hex');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
