import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './documents';

export interface Option {
  /** `--limit`. */
  readonly name: string;
  /** `--limit <N>`. */
  readonly usage: string;
  readonly meaning: string;
}

/** What `--help` says of a subcommand. */
export interface Help {
  /** `score`, or `model list`; empty for the program itself. */
  readonly name: string;
  readonly options: readonly Option[];
}

/** The program and its subcommands with all their options, as the built program tells them. */
export function steplensHelp(path: readonly string[] = []): Help[] {
  const program = join(ROOT, 'dist/cli.js');
  const text = execFileSync(process.execPath, [program, ...path, '--help'], { encoding: 'utf8' });
  const [before = '', commands = ''] = text.split('\nCommands:\n');
  const [, options = ''] = before.split('\nOptions:\n');
  const names = [...commands.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = '']) => name);
  return [
    { name: path.join(' '), options: optionsOf(options) },
    ...names.filter((name) => name !== 'help').flatMap((name) => steplensHelp([...path, name])),
  ];
}

/** `  --limit <N>   score at most ...`, one after another; a meaning goes on in lines that are set in deeper. */
function optionsOf(text: string): Option[] {
  const entries = text.replaceAll(/\n {4,}/g, ' ').split('\n');
  return entries.flatMap((entry) => {
    const [, usage = '', meaning = ''] =
      /^ {2}(?:-\w, )?(--\S+(?: [<[][^>\]]+[>\]])?) {2,}(.+)$/.exec(entry) ?? [];
    const [name = ''] = usage.split(' ');
    return name === '' || name === '--help' ? [] : [{ name, usage, meaning: meaning.trim() }];
  });
}
