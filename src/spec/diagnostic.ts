/** A place in a file of the repository. Lines and columns are 1-based; columns count UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One problem in a spec: where it is, what is wrong, and what to write instead. */
export interface Diagnostic extends Position {
  /** Path as the user knows it, relative to the workspace. */
  readonly file: string;
  readonly message: string;
}

/** `file:line:column: message`, the form editors and GitHub's problem matchers read. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}: ${diagnostic.message}`;
}
