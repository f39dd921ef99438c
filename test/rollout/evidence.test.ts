import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanLog, cleanText, logLines, redact } from '../../src/rollout/evidence.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('secret values are taken out, in whichever form they are printed', () => {
  const secret = 'p@ss "word" 1';
  const text = [secret, base64(secret), JSON.stringify({ secret }), `postgres://u:${encodeURIComponent(secret)}@db`];
  const shown = redact(text.join('\n'), [secret]);
  expect(shown).toBe('***\n***\n{"secret":"***"}\npostgres://u:***@db');
});

test('each line of a longer value counts by itself', () => {
  expect(redact('key: MIIEvQIBADAN, end', ['-----BEGIN-----\nMIIEvQIBADAN\n-----END-----'])).toBe('key: ***, end');
});

test('a value that is part of another leaves nothing of that', () => {
  expect(redact('token abcdefgh', ['abcd', 'abcdefgh'])).toBe('token ***');
});

test('a value of a few letters is left: it would take words away, and hide nothing', () => {
  expect(redact('a user is used', ['a', 'use', ''])).toBe('a user is used');
});

test('a secret is found through the escapes that colour a part of it', () => {
  expect(cleanLog('pw=hunt\u001b[31mer22\u001b[0m!', ['hunter22'])).toEqual(['pw=***!']);
});

test('the last lines stay, without colours, cursor moves, progress bars and empty ends', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
  expect(cleanLog(`${lines.join('\n')}\n\n\n`, [])).toEqual(lines.slice(-logLines));
  expect(cleanLog('\u001b[2J\u001b[1;31mfatal:\u001b[0m no\tdatabase\r\n10 %\r50 %\r100 %\nbell\u0007', [])).toEqual([
    'fatal: no  database',
    '100 %',
    'bell',
  ]);
});

test('a line is cut, and says so', () => {
  const [line = ''] = cleanLog('x'.repeat(100_000), []);
  expect(line).toBe(`${'x'.repeat(500)}… (99500 more characters)`);
});

test('a text that turns the reading direction shows what it is', () => {
  expect(cleanText('image \u202egnp.exe\u2066', [])).toBe('image gnp.exe');
});

test('whatever a container prints, no control character, no secret and no flood is shown', () => {
  const noise = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('s3cret-value', '\u001b[31m', '\u001b]0;title\u0007', '\r', '\n', '\u009b1m'),
    ),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(noise, (parts) => {
      const lines = cleanLog(parts.join(''), ['s3cret-value']);
      const text = lines.join('');
      expect(lines.length).toBeLessThanOrEqual(logLines);
      expect(text).not.toMatch(/\p{Cc}/u);
      expect(text).not.toContain('s3cret-value');
      for (const line of lines) expect(line.length).toBeLessThan(560);
    }),
  );
});
