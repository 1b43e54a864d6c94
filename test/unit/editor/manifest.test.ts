import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND_IDS } from '../../../src/editor/commands';
import { CONTEXT_KEYS } from '../../../src/editor/context-keys';
import { HOVER_COMMANDS } from '../../../src/editor/hover/hover-text';
import { BANDS } from '../../../src/editor/present';
import { checkedSetting, SETTINGS, type SettingKey } from '../../../src/editor/settings-schema';

const root = join(__dirname, '../../..');
const json = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifest = json('package.json');
const { contributes } = manifest;
const english: Record<string, string> = json('package.nls.json');

interface Declared {
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly markdownDescription?: string;
  readonly scope?: string;
}
const declared: Record<string, Declared> = Object.assign(
  {},
  ...contributes.configuration.map((section: { properties: object }) => section.properties),
);

/** Every string in a value, however deep. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe('package.json and the code agree', () => {
  it('on the commands', () => {
    const commands = contributes.commands.map((command: { command: string }) => command.command);
    expect([...commands].sort()).toEqual([...COMMAND_IDS].sort());
  });

  it('on the commands in menus, keys and links', () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings] as {
      command: string;
    }[];
    for (const { command } of used) expect(COMMAND_IDS).toContain(command);
    for (const command of HOVER_COMMANDS) expect(COMMAND_IDS).toContain(command);
    const links = strings(english).flatMap((text) => [...text.matchAll(/\(command:([\w.]+)\)/g)]);
    expect(links.length).toBeGreaterThan(4);
    for (const [, command] of links) expect(COMMAND_IDS).toContain(command);
  });

  it('on the settings, their defaults and their choices', () => {
    const keys = Object.keys(declared).map((key) => key.replace(/^steplens\./, ''));
    expect(keys.sort()).toEqual(Object.keys(SETTINGS).sort());
    for (const key of Object.keys(SETTINGS) as SettingKey[]) {
      const own = declared[`steplens.${key}`];
      expect(own?.default, key).toEqual(SETTINGS[key].default);
      for (const value of own?.enum ?? []) expect(checkedSetting(key, value), key).toBe(value);
      expect(own?.markdownEnumDescriptions?.length, key).toBe(own?.enum?.length);
    }
  });

  it('on the context keys in when clauses', () => {
    const clauses = strings([contributes.menus, contributes.keybindings, contributes.viewsWelcome]).join(' ');
    const used = [...clauses.matchAll(/steplens\.\w+/g)].map(([key]) => key);
    const editors = contributes.customEditors.map((editor: { viewType: string }) => editor.viewType);
    const others = [...COMMAND_IDS, ...editors, 'steplens.traces'];
    for (const key of new Set(used)) expect([...CONTEXT_KEYS, ...others]).toContain(key);
    for (const key of CONTEXT_KEYS) expect(used).toContain(key);
  });

  it('on the colours, each with a default for all four kinds of theme', () => {
    const ids: string[] = contributes.colors.map((color: { id: string }) => color.id);
    for (const band of BANDS) expect(ids).toContain(`steplens.${band}Background`);
    for (const { defaults } of contributes.colors) {
      expect(Object.keys(defaults).sort()).toEqual(['dark', 'highContrast', 'highContrastLight', 'light']);
      for (const color of Object.values(defaults)) expect(color).toMatch(/^#[0-9a-f]{6}([0-9a-f]{2})?$/);
    }
  });

  it('on every text', () => {
    const used = strings(manifest).flatMap((text) => /^%([\w.-]+)%$/.exec(text)?.[1] ?? []);
    expect(used.filter((key) => english[key] === undefined)).toEqual([]);
    expect(Object.keys(english).filter((key) => !used.includes(key))).toEqual([]);
  });

  it('keeps what runs programs or reads folders out of reach of a folder that is not trusted', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    expect(untrustedWorkspaces.supported).toBe('limited');
    expect(virtualWorkspaces.supported).toBe('limited');
    const servers = Object.keys(SETTINGS).filter((key) => key.startsWith('model.server.'));
    expect(servers).toHaveLength(5);
    for (const key of ['model.folder', 'model.nodePath', 'model.runtime', 'model.threads', ...servers]) {
      expect(untrustedWorkspaces.restrictedConfigurations).toContain(`steplens.${key}`);
      expect(declared[`steplens.${key}`]?.scope).toBe('machine');
    }
    expect(manifest.extensionKind).toEqual(['workspace']);
  });
});

describe('settings', () => {
  it('fall back to their defaults where a value does not fit', () => {
    expect(checkedSetting('scoreOnOpen', 'sometimes')).toBe('visible');
    expect(checkedSetting('cpmi.templates', 5)).toBe(1);
    expect(checkedSetting('cpmi.negativeWeight', Number.NaN)).toBe(1);
    expect(checkedSetting('bands', [0.3, 0.1, -0.1, -0.3])).toEqual([-0.3, -0.1, 0.1, 0.3]);
    expect(checkedSetting('bands', [-1, -0.5, 0.5, 1])).toEqual([-1, -0.5, 0.5, 1]);
    expect(checkedSetting('decorations.reward', 'yes')).toBe(true);
  });
});
