/** What a cluster says, made fit to be shown: no secret, no terminal tricks, no more than a person reads. */

import { stripVTControlCharacters } from 'node:util';

/** What proves a finding. */
export interface Evidence {
  readonly pod?: string;
  readonly container?: string;
  /** How the pod stands, in Kubernetes' words. */
  readonly state: string;
  /** The last lines of the container's output, oldest first; empty when there are none or they cannot be had. */
  readonly log: readonly string[];
  /** Whether the lines are of the container before the one that runs or waits now. */
  readonly previous: boolean;
}

/** Lines of a container's log that are shown. */
export const logLines = 25;
const longestLine = 500;
const longestText = 2_000;
/** A shorter value would take half of every text away, and is no secret to anyone who guesses. */
const shortestSecret = 4;

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}… (${text.length - length} more characters)` : text;
}

/**
 * Replaces each secret value, each line of it, and its base64, the longest first, so that a value which is part of
 * another leaves no rest of that.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const values = secrets.flatMap((secret) => [
    secret,
    ...secret.split(/\r?\n/),
    Buffer.from(secret, 'utf8').toString('base64'),
    // As JSON and URLs show it.
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  const distinct = [...new Set(values.map((value) => value.trim()))].filter(({ length }) => length >= shortestSecret);
  distinct.sort((a, b) => b.length - a.length);
  return distinct.reduce((rest, value) => rest.replaceAll(value, '***'), text);
}

/** One line as it can be shown anywhere: without escapes and control characters, at most so long. */
function plain(line: string): string {
  // A carriage return paints over what stands before it: what was on the screen last is after the last one.
  const painted = stripVTControlCharacters(line.replace(/\r+$/, '')).split('\r').at(-1) ?? '';
  return cut(painted.replaceAll('\t', '  ').replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, ''), longestLine);
}

/** The last lines of an output. Secrets go first: an escape or a cut in the middle of one would hide it from us. */
export function cleanLog(text: string, secrets: readonly string[]): string[] {
  const stripped = stripVTControlCharacters(text);
  const lines = redact(stripped, secrets).split('\n').map(plain);
  while (lines.at(-1)?.trim() === '') lines.pop();
  return lines.slice(-logLines);
}

/** What Kubernetes says, as one text: it quotes what the container printed and what a registry answered. */
export function cleanText(text: string, secrets: readonly string[]): string {
  return cut(redact(stripVTControlCharacters(text), secrets).split('\n').map(plain).join('\n'), longestText);
}
