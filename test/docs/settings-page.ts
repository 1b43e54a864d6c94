import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './documents';

interface Setting {
  readonly type: string | readonly string[];
  readonly default: unknown;
  readonly markdownDescription?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly order?: number;
  readonly scope?: string;
}

interface Section {
  readonly title: string;
  readonly order?: number;
  readonly properties: Readonly<Record<string, Setting>>;
}

const json = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
const english: Readonly<Record<string, string>> = json('package.nls.json');

/** A text of package.json in English. */
const say = (text = ''): string => text.replace(/^%(.+)%$/, (whole, key: string) => english[key] ?? whole);

export const manifest: {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly configuration: readonly Section[];
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: {
      readonly commandPalette: readonly { readonly command: string; readonly when: string }[];
    };
  };
} = json('package.json');

/** Titles of the commands that the palette offers. */
export function paletteTitles(): string[] {
  const { commands, menus } = manifest.contributes;
  const hidden = new Set(menus.commandPalette.filter((c) => c.when === 'false').map((c) => c.command));
  return commands.filter(({ command }) => !hidden.has(command)).map(({ title }) => say(title));
}

const byOrder = (a: { order?: number }, b: { order?: number }) => (a.order ?? 0) - (b.order ?? 0);

/** docs/settings.md, as package.json and package.nls.json have it. */
export function settingsPage(): string {
  const sections = [...manifest.contributes.configuration].sort(byOrder);
  return `# Settings

All settings of Steplens in VS Code. In *Settings* (\`Ctrl+,\`, \`Cmd+,\` on a Mac) search for \`steplens\`. Those marked † are of the
computer, not of a folder: a folder that you open cannot set them.

${sections.map(sectionText).join('\n\n')}

This page is made from \`package.json\`: \`npm run test:docs -- -u\` writes it anew.
`;
}

function sectionText({ title, properties }: Section): string {
  const rows = Object.entries(properties)
    .sort(([, a], [, b]) => byOrder(a, b))
    .map(
      ([key, setting]) => `| \`${key}\`${ofMachine(setting)} | ${standard(setting)} | ${meaning(setting)} |`,
    );
  return [`## ${say(title)}`, '', '| setting | default | what it does |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

const ofMachine = ({ scope }: Setting) => (scope?.startsWith('machine') ? ' †' : '');

function standard({ default: value }: Setting): string {
  return value === '' ? 'empty' : `\`${JSON.stringify(value)}\``;
}

function meaning(setting: Setting): string {
  const { enum: values, minimum, maximum } = setting;
  const said = setting.markdownEnumDescriptions ?? setting.enumDescriptions ?? [];
  const choices = values?.map((value, i) => `\`${value}\`: ${say(said[i])}`) ?? [];
  const text = say(setting.markdownDescription ?? setting.description);
  const range = maximum === undefined || /\d to \d/.test(text) ? [] : [`From ${minimum ?? 0} to ${maximum}.`];
  return [[text, ...range].join(' '), ...choices].join('<br>').replaceAll('\n', ' ').replaceAll('|', '\\|');
}
