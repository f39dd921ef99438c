import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuQuantity, judgeCpu, judgeMemory, memoryQuantity } from '../../src/spec/quantity.ts';

describe('cpu, once and twice', () => {
  test.each([
    [100, '100m', '200m'],
    [10, '10m', '20m'],
    [500, '500m', '1'],
    [1000, '1', '2'],
    [1500, '1500m', '3'],
    ['250m', '250m', '500m'],
    ['1m', '1m', '2m'],
    ['1000m', '1', '2'],
    ['1', '1', '2'],
    ['0.5', '500m', '1'],
    ['0.1', '100m', '200m'],
    ['1.005', '1005m', '2010m'],
    ['007', '7', '14'],
  ])('%s → %s, %s', (cpu, once, twice) => {
    expect(judgeCpu(cpu)).toBeUndefined();
    expect([cpuQuantity(cpu), cpuQuantity(cpu, 2n)]).toEqual([once, twice]);
  });
});

describe('memory, once and twice', () => {
  test.each([
    [128, '128Mi', '256Mi'],
    [512, '512Mi', '1Gi'],
    [1024, '1Gi', '2Gi'],
    [1000, '1000Mi', '2000Mi'],
    ['512Mi', '512Mi', '1Gi'],
    ['1.5Gi', '1536Mi', '3Gi'],
    ['0.5Ki', '512', '1Ki'],
    ['512Gi', '512Gi', '1Ti'],
    ['512Ti', '512Ti', '1Pi'],
    ['500M', '500M', '1G'],
    ['1.5G', '1500M', '3G'],
    ['500k', '500k', '1M'],
    ['1024k', '1024k', '2048k'],
  ])('%s → %s, %s', (memory, once, twice) => {
    expect(judgeMemory(memory)).toBeUndefined();
    expect([memoryQuantity(memory), memoryQuantity(memory, 2n)]).toEqual([once, twice]);
  });
});

test.each(['', '1', '1 Gi', '1gi', '1Gb', '-1Gi', '1e3Mi', '.5Gi', '1.Gi', '0Gi', '0.0001k', '1Ei'])(
  '%j is no memory',
  (text) => {
    expect(judgeMemory(text)).toBeDefined();
    expect(() => memoryQuantity(text)).toThrow(RangeError);
  },
);

test.each(['', 'm', '0', '0m', '0.0', '1.0005', '1.5m', '-1', '1e3', '1Gi', ' 1', '.5', '1.'])(
  '%j is no cpu',
  (text) => {
    expect(judgeCpu(text)).toBeDefined();
    expect(() => cpuQuantity(text)).toThrow(RangeError);
  },
);

test('doubling is exact, and the text reads as the same amount again', () => {
  const units = ['Ki', 'Mi', 'Gi', 'k', 'M', 'G'] as const;
  const size = {
    Ki: 2n ** 10n,
    Mi: 2n ** 20n,
    Gi: 2n ** 30n,
    Ti: 2n ** 40n,
    k: 1000n,
    M: 10n ** 6n,
    G: 10n ** 9n,
    T: 10n ** 12n,
  };
  const bytesOf = (text: string) => {
    const [, digits = '', unit = ''] = /^([0-9]+)([A-Za-z]*)$/.exec(text) ?? [];
    return BigInt(digits) * (unit === '' ? 1n : size[unit as keyof typeof size]);
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom(...units), (amount, unit) => {
      const once = memoryQuantity(`${amount}${unit}`);
      expect(bytesOf(once)).toBe(BigInt(amount) * size[unit]);
      expect(bytesOf(memoryQuantity(`${amount}${unit}`, 2n))).toBe(2n * bytesOf(once));
    }),
  );
});
