import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { t } from '../../../src/editor/l10n';
import { HEATMAP_STRINGS } from '../../../src/heatmap/strings';

const root = join(__dirname, '../../..');
const folder = join(root, 'src/editor');

/** The first argument of every call of `t`, where that is a text. */
function translatable(source: string): string[] {
  const calls = source.matchAll(/\bt\(\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g);
  return [...calls].map(([, literal = '']) =>
    literal.startsWith("'")
      ? JSON.parse(`"${literal.slice(1, -1).replaceAll('"', '\\"').replaceAll("\\'", "'")}"`)
      : JSON.parse(literal),
  );
}

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

describe('texts of the editor', () => {
  const keys = [...new Set([...sources.flatMap(translatable), ...Object.values(HEATMAP_STRINGS)])].sort();

  it('all stand in the bundle for translators (vitest -u brings it up to date)', async () => {
    const bundle = `${JSON.stringify(Object.fromEntries(keys.map((key) => [key, key])), undefined, 2)}\n`;
    await expect(bundle).toMatchFileSnapshot(join(root, 'l10n/bundle.l10n.json'));
  });

  it('are never put together from pieces, which could not be translated', () => {
    const calls = sources.flatMap((source) =>
      [...source.matchAll(/[^.\w]t\(\s*([^)\s])/g)].map(([, first]) => first),
    );
    expect(calls.length).toBeGreaterThan(100);
    // Besides texts: the heatmap's own list of them, and the declaration of t itself.
    const others = calls.filter((first) => first !== "'" && first !== '"');
    expect(others.sort()).toEqual(['H', 'H', 'm', 't']);
  });

  it('have their values filled in', () => {
    expect(t('{0} of {1}, {0}', 3, 'x')).toBe('3 of x, 3');
    expect(t('{0} and {1}', 'only one')).toBe('only one and {1}');
  });
});
