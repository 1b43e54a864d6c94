import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, readDocument } from './documents';
import { Playground } from './playground';

/** A Python with TRL: the one that docs/training.md sets up, or STEPLENS_TRL_PYTHON. */
const python = process.env.STEPLENS_TRL_PYTHON ?? join(ROOT, '.cache/trl/bin/python');
const there = existsSync(python);
if (!there) console.log(`docs/training.md: not trained, as there is no ${python} with TRL.`);

describe.skipIf(!there)('what is exported can be trained on', () => {
  const formats = ['trl', 'openrlhf', 'rlhflow', 'math-shepherd', 'prm800k'];
  let playground: Playground;
  beforeAll(async () => {
    playground = new Playground(readDocument('docs/training.md'));
    await playground.run('steplens label examples/traces.jsonl');
    for (const format of formats)
      await playground.run(`steplens export examples/traces.cpmi.jsonl --to ${format}`);
  }, 300_000);
  afterAll(() => playground?.remove());

  it.each(['traces.trl.jsonl', 'traces.cpmi.jsonl'])('by TRL: %s', async (file) => {
    const said = await playground.run(
      `${python} test/bench/train_prm.py examples/${file} --steps 5 --out "$PWD/prm"`,
    );
    expect(said).toContain('12 traces, 47 steps');
    const [first = 0, ...losses] = (/^loss: (.+)$/m.exec(said)?.[1] ?? '').split(' → ').map(Number);
    expect(losses.at(-1)).toBeLessThan(first);
  }, 300_000);

  it('by the others: as their loaders read it', async () => {
    const files = formats.map((format) => `examples/traces.${format}.jsonl`).join(' ');
    const said = await playground.run(`${python} test/bench/load_exports.py ${files}`);
    for (const format of formats) expect(said).toContain(`12 traces, 47 steps, loads as ${format}`);
  }, 300_000);
});
