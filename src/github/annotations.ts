import { error as annotate, setFailed } from '@actions/core';
import { UserError } from '../errors.ts';
import { formatDiagnostic } from '../spec/diagnostic.ts';

/** A step shows ten errors at most, and the failure itself is one. */
const maxAnnotations = 9;

/** Ends the step red: what is wrong in the log, whole, and at the lines of the files where it is. */
export function fail(error: unknown): void {
  const diagnostics = error instanceof UserError ? error.diagnostics : [];
  for (const diagnostic of diagnostics.slice(0, maxAnnotations)) {
    const { file, line, column, message } = diagnostic;
    annotate(message, { file, startLine: line, startColumn: column });
  }
  const rest = diagnostics.slice(maxAnnotations);
  const message = error instanceof Error ? error.message : String(error);
  setFailed([message, ...rest.map(formatDiagnostic)].join('\n'));
}
