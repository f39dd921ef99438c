import type { Position } from './diagnostic.ts';

/** Why a value is refused: completes "must be …", and a whole sentence on what to write instead where that is known. */
export interface Fault {
  readonly allowed: string;
  readonly hint?: string;
  /** What stands there, where its own text or kind does not say it. */
  readonly found?: string;
}

/** Judges a value of the right type: nothing when it may stand. */
export type Judge<T> = (value: T) => Fault | undefined;

/** Takes down one problem, at its place in the spec. */
export type Report = (at: Position, message: string) => void;

const longestQuote = 60;

function clip(text: string): string {
  return text.length > longestQuote ? `${text.slice(0, longestQuote - 1)}…` : text;
}

/** Text of the user's inside a message: on one line, in double quotes, long text cut. */
export function quote(text: string): string {
  return JSON.stringify(clip(text));
}

/** The same in backticks, for what is a name or is to be written. */
export function code(text: string): string {
  return `\`${clip(text).replace(/\s+/g, ' ')}\``;
}

/** `a`, `b` and `c`, in backticks. */
export function enumerate(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop();
  return quoted.length === 0 ? (last ?? '') : `${quoted.join(', ')} ${conjunction} ${last}`;
}
