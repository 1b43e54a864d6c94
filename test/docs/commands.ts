import type { Document } from './documents';

/** A command that a document tells its reader to type. */
export interface Command {
  readonly line: string;
  readonly document: string;
}

/** Languages of blocks whose lines are commands. A block that says none is one too: other blocks have to say what they are. */
const SHELL = new Set(['', 'sh', 'bash', 'shell', 'console']);

/** Inline code that begins so is a command, not a name. Names of `steplens` and its options are checked on their own. */
const PROGRAM = /^(npm|npx|node|python3?|pip|hf|optimum-cli|git) \S/;

/** The commands of a document in its order: each line of its shell blocks, and inline code that runs a program. */
export function commandsOf({ path, blocks, spans }: Document): Command[] {
  const lines = blocks.filter(({ language }) => SHELL.has(language)).flatMap(({ text }) => linesOf(text));
  const inline = spans.filter(
    (span) => PROGRAM.test(span) && span !== 'node dist/cli.js' && !lines.includes(span),
  );
  return [...lines, ...inline].map((line) => ({ line, document: path }));
}

/** Lines without prompts and comments; one that ends in a backslash goes on in the next. */
function linesOf(block: string): string[] {
  return block
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/(^|\s+)#\s.*$/, '')
        .trim(),
    )
    .filter((line) => line !== '');
}
