import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { tarOf } from './images.ts';

it.each([0, 1, 512, 100_000])('makes an archive that tar reads, of a program of %i bytes', (size) => {
  const content = Buffer.alloc(size, 'x');
  const archive = tarOf('pause', content);
  expect(execFileSync('tar', ['-tvf', '-', '--utc', '--numeric-owner'], { input: archive }).toString().trim()).toMatch(
    new RegExp(`^-rwxr-xr-x 0/0 +${size} 1970-01-01 00:00 pause$`),
  );
  expect(execFileSync('tar', ['-xOf', '-', 'pause'], { input: archive }).equals(content)).toBe(true);
});
