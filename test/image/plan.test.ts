import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { decideBuild, type ImageInputs, type ImagePlan, planImage } from '../../src/image/plan.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const own = { name: 'web', image: { auto: false, reference: 'ghcr.io/org/app:1.0' } } as const;
const auto = { name: 'web', image: { auto: true } } as const;

function inputs(given: Partial<ImageInputs> = {}): ImageInputs {
  return { build: 'auto', workspace: '/repo', context: '.', buildArgs: {}, buildSecrets: {}, platforms: [], ...given };
}

describe('the plan', () => {
  test.each<[string, Parameters<typeof planImage>[0], Partial<ImageInputs>, ImagePlan]>([
    [
      'an image of the spec is used',
      own,
      {},
      { kind: 'external', image: { repository: 'ghcr.io/org/app', tag: '1.0' } },
    ],
    [
      'and never built',
      own,
      { build: 'never' },
      { kind: 'external', image: { repository: 'ghcr.io/org/app', tag: '1.0' } },
    ],
    ['AUTO goes by the content', auto, {}, { kind: 'content', build: 'auto' }],
    ['build: never', auto, { build: 'never' }, { kind: 'content', build: 'never' }],
    ['build: always', auto, { build: 'always' }, { kind: 'content', build: 'always' }],
    ['a tag', auto, { imageTag: 'v1' }, { kind: 'given', tag: 'v1' }],
    ['a digest', auto, { imageDigest: digest }, { kind: 'given', digest }],
    ['both', auto, { imageTag: 'v1', imageDigest: digest, build: 'never' }, { kind: 'given', tag: 'v1', digest }],
  ])('%s', (_, service, given, plan) => {
    expect(planImage(service, inputs(given))).toEqual(plan);
  });

  test.each<[Parameters<typeof planImage>[0], Partial<ImageInputs>, string]>([
    [own, { imageTag: 'v1' }, 'image_tag: the spec of web names an image of its own (ghcr.io/org/app:1.0)'],
    [own, { imageDigest: digest }, 'image_digest: the spec of web names an image of its own'],
    [own, { build: 'always' }, 'build: always, but the spec of web names an image of its own'],
    [auto, { build: 'always', imageTag: 'v1' }, 'build: always and image_tag contradict each other'],
    [auto, { imageTag: 'a b' }, 'image_tag: "a b" is not a tag'],
    [auto, { imageDigest: 'v1' }, 'image_digest: "v1" is not a digest'],
    [auto, { buildArgs: { 'A B': '1' } }, 'build_args: "A B" is not a name'],
    [auto, { buildSecrets: { 'a,b': '1' } }, 'build_secrets: "a,b" is not an id'],
    [auto, { platforms: ['amd64'] }, 'platforms: "amd64" is not a platform'],
  ])('%j with %j is refused', (service, given, message) => {
    expect(() => planImage(service, inputs(given))).toThrow(UserError);
    expect(() => planImage(service, inputs(given))).toThrow(message);
  });

  test('no message quotes the value of a build secret', () => {
    const plan = () => planImage(auto, inputs({ buildSecrets: { 'bad id': 'hunter2' } }));
    expect(plan).toThrow(/^(?!.*hunter2)/s);
  });
});

describe('whether to build', () => {
  const at = new Date('2026-11-22T18:30:05.123Z');
  const decide = (build: ImageInputs['build'], found?: string) => decideBuild(build, 'reg/prod/web', 'abc', found, at);

  test('what the registry has is used', () => {
    expect(decide('auto', digest)).toEqual({ action: 'use', tag: 'abc', digest });
    expect(decide('never', digest)).toEqual({ action: 'use', tag: 'abc', digest });
  });

  test('what it does not have is built', () => {
    expect(decide('auto')).toEqual({ action: 'build', tag: 'abc' });
    expect(decide('always')).toEqual({ action: 'build', tag: 'abc' });
  });

  test('build: always gets a tag of its own where the tag is taken, because tags are immutable', () => {
    expect(decide('always', digest)).toEqual({ action: 'build', tag: 'abc-20261122183005' });
  });

  test('build: never says what is missing and what to do', () => {
    expect(() => decide('never')).toThrow(UserError);
    expect(() => decide('never')).toThrow(/reg\/prod\/web:abc.*not in the registry.*build to auto.*image_tag/);
  });
});
