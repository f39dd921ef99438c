/** What the demo says: numbered headlines, the log of each step, and whether what was expected came true. */
import { duration } from '../bed/progress.ts';

const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code: number) => (text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = paint(1);
const dim = paint(2);
const red = paint(31);
const green = paint(32);

export class Narration {
  readonly #unmet: string[] = [];
  #chapters = 0;

  say(text = ''): void {
    for (const line of text.split('\n')) console.log(line === '' ? '' : `   ${line}`);
  }

  /** What comes from a program rather than from the demo. */
  quote(text: string): void {
    for (const line of text.trimEnd().split('\n')) console.log(`   ${dim('│')} ${line}`);
  }

  /** Markdown, its character references read as a browser would. */
  quoteMarkdown(text: string): void {
    this.quote(text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))));
  }

  /** One part of the story, under a numbered headline, with the time it took. */
  async chapter<T>(title: string, body: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    console.log(`\n${bold(`${++this.#chapters}. ${title}`)}`);
    try {
      return await body();
    } finally {
      this.say(dim(`(${duration(performance.now() - begin)})`));
    }
  }

  /** `found` is shown only where the expectation is not met. */
  expect(expectation: string, met: boolean, found: string): void {
    this.say(met ? `${green('✔')} ${expectation}` : `${red('✘')} ${expectation}: ${found}`);
    if (!met) this.#unmet.push(`${expectation}: ${found}`);
  }

  /** What was expected and did not come true. */
  get unmet(): readonly string[] {
    return this.#unmet;
  }
}

const unescaped = (text: string) => text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');

/**
 * Shows a step's output as a runner would: workflow commands are obeyed rather than printed, masked values are hidden,
 * groups are indented. Takes the output in pieces of any size.
 */
export function stepLog(show: (line: string) => void): (piece: string) => void {
  const masked: string[] = [];
  let rest = '';
  let indent = '';
  const print = (text: string) => show(indent + masked.reduce((line, value) => line.replaceAll(value, '***'), text));
  const obey = (name: string, text: string) => {
    if (name === 'add-mask') masked.push(unescaped(text));
    else if (name === 'group') {
      print(`▾ ${unescaped(text)}`);
      indent = '  ';
    } else if (name === 'endgroup') indent = '';
    else if (name !== 'debug') print(`${name}: ${unescaped(text)}`);
  };
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, name, text] = /^::([a-z-]+)(?: [^\n]*?)?::(.*)$/.exec(line) ?? [];
      if (name === undefined) print(line);
      else obey(name, text ?? '');
    }
  };
}
