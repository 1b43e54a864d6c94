import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsOf } from './commands';
import { manual, ROOT, readDocument } from './documents';
import { optionsPage } from './options-page';
import { manifest, paletteTitles, settingsPage } from './settings-page';
import { steplensHelp } from './steplens-help';

const documents = manual();
const everything = documents.map(({ text }) => text).join('\n');
const help = steplensHelp();

describe('the command line', () => {
  it('docs/command-line.md has its options (-u writes them anew)', async () => {
    await expect(optionsPage(help)).toMatchFileSnapshot(join(ROOT, 'docs/command-line.md'));
  });

  it('docs/command-line.md has all of its subcommands', () => {
    const page = readDocument('docs/command-line.md').text;
    const runnable = help.filter(
      ({ name }) => name !== '' && !help.some((other) => other.name.startsWith(`${name} `)),
    );
    const described = [...page.matchAll(/<!-- options of ([a-z -]+) -->/g)].map(([, name]) => name);
    expect(described.sort()).toEqual(runnable.map(({ name }) => name).sort());
  });

  it('documents name only subcommands and options that there are', () => {
    const wrong: string[] = [];
    for (const document of documents) {
      const lines = [...commandsOf(document).map(({ line }) => line), ...document.spans];
      for (const line of lines) {
        const [, words = ''] = /^(?:node dist\/cli\.js|steplens) (.+)$/.exec(line) ?? [];
        if (words === '' || words.startsWith('-')) continue;
        const command = help.findLast(({ name }) => name !== '' && `${words} `.startsWith(`${name} `));
        const options = words.match(/(?<= )--[a-z][\w-]*/g) ?? [];
        if (!command || options.some((option) => !command.options.some(({ name }) => name === option)))
          wrong.push(`${document.path}: ${line}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('package.json', () => {
  it('docs/settings.md has its settings (-u writes it anew)', async () => {
    await expect(settingsPage()).toMatchFileSnapshot(join(ROOT, 'docs/settings.md'));
  });

  it('documents name only settings that there are', () => {
    const settings = new Set(
      manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties)),
    );
    const sections = [...settings].map((key) => key.slice(0, key.lastIndexOf('.')));
    const spans = documents.flatMap((document) =>
      document.spans.filter((span) => /^steplens\.[\w.]+$/.test(span)),
    );
    expect(spans.filter((span) => !settings.has(span) && !sections.includes(span))).toEqual([]);
  });

  it('every command of the palette is described', () => {
    const page = documents.find(({ path }) => path === 'docs/using-in-vscode.md')?.text ?? '';
    expect(paletteTitles().filter((title) => !page.includes(title))).toEqual([]);
  });

  it('every script is described, and documents name only those that there are', () => {
    const named = [...everything.matchAll(/\bnpm (?:run (?:--silent )?)?([a-z][\w:-]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(Object.keys(manifest.scripts).filter((name) => !named.includes(name))).toEqual([]);
    const run = [...everything.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(run.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });
});

it('docs/troubleshooting.md quotes messages that there are', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .join('\n');
  const quoted = readDocument('docs/troubleshooting.md').spans.filter((span) =>
    /^[A-Z…][a-z ].* .* /.test(span),
  );
  expect(quoted.length).toBeGreaterThan(3);
  const parts = quoted.flatMap((message) => message.split('…').map((part) => part.trim()));
  expect(parts.filter((part) => !source.includes(part))).toEqual([]);
});
