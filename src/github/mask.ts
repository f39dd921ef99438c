import { setSecret } from '@actions/core';

/**
 * Masks a value in the job's log, and its base64, in which Kubernetes and Docker show it. The runner matches line by
 * line, so each line of a longer value counts by itself.
 */
export function maskSecret(value: string): void {
  const texts = new Set([value, ...value.split(/\r?\n/), Buffer.from(value, 'utf8').toString('base64')]);
  for (const text of texts) if (text.trim() !== '') setSecret(text);
}
