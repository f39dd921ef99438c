import type { Fault } from './fault.ts';

/**
 * Amounts of cpu and memory, exact: cpu in millicores, memory in bytes, both as BigInt.
 * The text that comes out is the canonical form of Kubernetes (pkg/api/resource, CanonicalizeBytes), so that an
 * object is the same before and after the API server has read it.
 */

const cpuAllowed =
  'a whole number of millicores, 10 or more (`100` is a tenth of a core), or text such as `250m` or `"1.5"`';
const memoryAllowed = 'a whole number of megabytes (Mi), 10 or more, or text such as `512Mi` or `1Gi`';

export const cpuPattern = /^(?:[0-9]{1,9}m|[0-9]{1,6}(?:\.[0-9]{1,3})?)$/;
export const memoryPattern = /^([0-9]{1,9})(?:\.([0-9]{1,9}))?(Ki|Mi|Gi|Ti|k|M|G|T)$/;

/** Below this, a bare number is taken for a slip: `cpu: 2` means cores, `memory: 4` means gigabytes. */
export const leastNumber = 10;
/** More than any node has, and twice it still fits the 64 bits that Kubernetes counts with. */
const mostNumber = 1_000_000_000;

const binaryUnits = new Map([
  ['Pi', 1n << 50n],
  ['Ti', 1n << 40n],
  ['Gi', 1n << 30n],
  ['Mi', 1n << 20n],
  ['Ki', 1n << 10n],
]);
const decimalUnits = new Map([
  ['P', 10n ** 15n],
  ['T', 10n ** 12n],
  ['G', 10n ** 9n],
  ['M', 10n ** 6n],
  ['k', 10n ** 3n],
]);

/** An amount of memory, and whether it is counted in powers of two or of ten. */
interface Memory {
  readonly bytes: bigint;
  readonly binary: boolean;
}

function readCpu(cpu: number | string): bigint | Fault {
  const fault = (hint?: string): Fault => (hint ? { allowed: cpuAllowed, hint } : { allowed: cpuAllowed });
  if (typeof cpu === 'number') {
    if (Number.isInteger(cpu) && cpu >= leastNumber && cpu <= mostNumber) return BigInt(cpu);
    if (cpu >= 0.01 && cpu < leastNumber) {
      const cores = cpu === 1 ? '1 core' : `${cpu} cores`;
      return fault(`A number is millicores: write \`${Math.round(cpu * 1000)}\` for ${cores}.`);
    }
    return fault();
  }
  if (!cpuPattern.test(cpu)) return fault();
  const [whole = '', fraction = ''] = cpu.replace('m', '').split('.');
  const milli = cpu.endsWith('m') ? BigInt(whole) : BigInt(whole + fraction.padEnd(3, '0'));
  return milli > 0n ? milli : fault();
}

function readMemory(memory: number | string): Memory | Fault {
  const fault = (hint?: string): Fault => (hint ? { allowed: memoryAllowed, hint } : { allowed: memoryAllowed });
  if (typeof memory === 'number') {
    if (Number.isInteger(memory) && memory >= leastNumber && memory <= mostNumber) {
      return { bytes: BigInt(memory) << 20n, binary: true };
    }
    if (memory > 0 && memory < leastNumber) return fault(`A number is megabytes: write \`${memory}Gi\` for gigabytes.`);
    return fault();
  }
  const [, whole = '', fraction = '', unit = ''] = memoryPattern.exec(memory) ?? [];
  if (unit === '') {
    if (/^[0-9.]+$/.test(memory)) return fault(`Without a unit Kubernetes reads bytes: write \`${memory}Mi\`.`);
    if (/^[0-9.]+m$/.test(memory)) return fault(`\`m\` is a thousandth of a byte: write \`${memory.slice(0, -1)}Mi\`.`);
    const written = /^([0-9.]+) ?([kmgt])i?b?$/i.exec(memory);
    return fault(written ? `Write \`${written[1]}${written[2]?.toUpperCase()}i\`.` : undefined);
  }
  const size = binaryUnits.get(unit) ?? decimalUnits.get(unit) ?? 1n;
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * size;
  if (scaled === 0n) return fault();
  if (scaled % scale !== 0n) return fault('It is not a whole number of bytes: write it with a smaller unit.');
  const bytes = scaled / scale;
  if (bytes > BigInt(mostNumber) << 20n) return fault('It is more than any machine has.');
  return { bytes, binary: binaryUnits.has(unit) };
}

function isFault(value: bigint | Memory | Fault): value is Fault {
  return typeof value === 'object' && 'allowed' in value;
}

export function judgeCpu(cpu: number | string): Fault | undefined {
  const read = readCpu(cpu);
  return isFault(read) ? read : undefined;
}

export function judgeMemory(memory: number | string): Fault | undefined {
  const read = readMemory(memory);
  return isFault(read) ? read : undefined;
}

/** `100` and 2 → `200m`; `500m` and 2 → `1`. Takes what `judgeCpu` lets through. */
export function cpuQuantity(cpu: number | string, times: bigint = 1n): string {
  const read = readCpu(cpu);
  if (isFault(read)) throw new RangeError(`${cpu} is no amount of cpu`);
  const milli = read * times;
  return milli % 1000n === 0n ? `${milli / 1000n}` : `${milli}m`;
}

/** `128` and 2 → `256Mi`; `512Mi` and 2 → `1Gi`. Takes what `judgeMemory` lets through. */
export function memoryQuantity(memory: number | string, times: bigint = 1n): string {
  const read = readMemory(memory);
  if (isFault(read)) throw new RangeError(`${memory} is no amount of memory`);
  const bytes = read.bytes * times;
  for (const [unit, size] of read.binary ? binaryUnits : decimalUnits) {
    if (bytes % size === 0n) return `${bytes / size}${unit}`;
  }
  return `${bytes}`;
}
