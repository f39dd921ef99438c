/**
 * The errors of a run, sorted by who can fix them. Each message says what happened, where, and what to do;
 * `cause` keeps the original error.
 */

import type { Diagnostic } from './spec/diagnostic.ts';

/** The author of the workflow or of the spec can fix this: bad input, a missing file, a value out of range. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** Where in the repository the fault is; empty when it is in no file. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, options: { cause?: unknown; diagnostics?: readonly Diagnostic[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.diagnostics = options.diagnostics ?? [];
  }
}

/** AWS refused or did not answer: credentials, permissions, a repository or cluster that is not there. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
}

/** The image could not be built, pushed or found. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** The cluster refused or did not answer: connection, token, RBAC, validation, conflicts. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

/** Everything was applied, but the new version does not become ready. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';
}

/** The job was cancelled (SIGINT or SIGTERM). */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}
