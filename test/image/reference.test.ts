import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { formatImageRef } from '../../src/image/image.ts';
import { checkDigest, checkTag, parseImageRef, repositoryName } from '../../src/image/reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('references', () => {
  test.each([
    ['nginx', { repository: 'nginx' }],
    ['nginx:1.29', { repository: 'nginx', tag: '1.29' }],
    ['localhost:5000/web', { repository: 'localhost:5000/web' }],
    ['localhost:5000/web:v1', { repository: 'localhost:5000/web', tag: 'v1' }],
    [`ghcr.io/org/app@${digest}`, { repository: 'ghcr.io/org/app', digest }],
    [`ghcr.io:443/org/app:1.0@${digest}`, { repository: 'ghcr.io:443/org/app', tag: '1.0', digest }],
  ])('%s is taken apart, and put together again', (reference, parts) => {
    expect(parseImageRef(reference)).toEqual(parts);
    expect(formatImageRef(parseImageRef(reference))).toBe(reference);
  });

  test.each(['v1', '0', '_x', 'a'.repeat(128), '1.2.3-rc.1'])('%s is a tag', (tag) => {
    expect(checkTag(tag, 'image_tag')).toBe(tag);
  });

  test.each(['', '.x', '-x', 'a b', 'a/b', 'a:b', 'é', 'a'.repeat(129), digest])('"%s" is none', (tag) => {
    expect(() => checkTag(tag, 'image_tag')).toThrow(UserError);
    expect(() => checkTag(tag, 'image_tag')).toThrow(`image_tag: "${tag}" is not a tag.`);
  });

  test.each(['', 'v1', 'sha256:', `sha256:${'A'.repeat(64)}`, 'a'.repeat(64), `${digest}0`])(
    '"%s" is no digest',
    (text) => {
      expect(() => checkDigest(text, 'image_digest')).toThrow(`image_digest: "${text}" is not a digest.`);
    },
  );
});

describe('the repository of a service', () => {
  test('is its namespace and its name', () => {
    expect(repositoryName('prod', 'web-2')).toBe('prod/web-2');
  });

  test.each([
    ['prod', 'a--b'],
    ['n'.repeat(200), 'm'.repeat(60)],
  ])('%s/%s is a name that Kubernetes allows and ECR does not', (namespace, name) => {
    expect(() => repositoryName(namespace, name)).toThrow(
      `ECR does not allow a repository named "${namespace}/${name}"`,
    );
  });
});
