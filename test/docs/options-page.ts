import { readDocument } from './documents';
import type { Help, Option } from './steplens-help';

/** Commands whose options are mostly the same. */
const ALIKE = ['score', 'label', 'eval'];

/**
 * docs/command-line.md with its tables of options as `--help` has them. The page is written by hand but for what stands
 * between `<!-- options of NAME -->` and `<!-- end -->`; NAME is a subcommand, or `score, label and eval`.
 */
export function optionsPage(help: readonly Help[]): string {
  const { text } = readDocument('docs/command-line.md');
  return text.replaceAll(
    /(<!-- options of (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      return `${start}${table(help, name)}${end}`;
    },
  );
}

/** Options that all of ALIKE have, word for word. */
function shared(help: readonly Help[]): Option[] {
  const [first, ...others] = ALIKE.map(
    (name) => help.find((command) => command.name === name)?.options ?? [],
  );
  return (first ?? []).filter((option) =>
    others.every((options) => options.some((other) => alike(option, other))),
  );
}

const alike = (a: Option, b: Option) => a.usage === b.usage && a.meaning === b.meaning;

function table(help: readonly Help[], name: string): string {
  const common = shared(help);
  if (name === 'score, label and eval') return rows(common);
  const options = help.find((command) => command.name === name)?.options ?? [];
  const own = options.filter((option) => !common.some((other) => alike(option, other)));
  const same = options.filter((option) => !own.includes(option));
  if (ALIKE.includes(name)) return rows(own);
  const also = same.map((option) => `\`${option.name}\``).join(', ');
  return `${rows(own)}${also === '' ? '' : `\nAnd ${also}, as below.\n`}`;
}

function rows(options: readonly Option[]): string {
  if (options.length === 0) return '';
  const lines = options.map(({ usage, meaning }) => `| \`${usage}\` | ${escaped(meaning)} |`);
  return ['| option | what it does |', '|---|---|', ...lines, ''].join('\n');
}

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
