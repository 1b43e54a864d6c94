import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectFormat, SPLITTINGS } from '../../../src/trajectory';
import golden from './real-files.golden.json';
import { misplaced, readAll, unplaced } from './support';

/** Sample files of other projects. They are not part of this repository: where they are missing, this is skipped. */
const FOLDER = join(__dirname, '../../../../shared/data/formats');
const BENCH = join(__dirname, '../../../../shared/data/bench');
const there = existsSync(FOLDER);
if (!there) console.info(`real-files: skipped, no sample files beside the repository`);

const files = there
  ? readdirSync(FOLDER, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(join(FOLDER, name)).map((file) => `${name}/${file}`))
  : [];

/** The file as VS Code decodes it, without the byte order mark. */
function decoded(path: string): string {
  const bytes = readFileSync(path);
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}

describe.skipIf(!there)('sample files of other projects', () => {
  it('are all known', () => {
    expect(files.sort()).toEqual(Object.keys(golden).sort());
  });

  it.each(Object.entries(golden))('%s', async (file, expected) => {
    const path = join(FOLDER, file);
    const [best] = await detectFormat({ path });
    const { trajectories, problems } = await readAll({ path });
    const steps = trajectories.flatMap((trajectory) => trajectory.steps);
    const question = trajectories[0]?.question.text ?? '';
    expect({
      format: best?.id,
      traces: trajectories.length,
      steps: steps.length,
      gold: trajectories.filter(({ goldAnswer }) => goldAnswer).length,
      negatives: trajectories.flatMap(({ negatives }) => negatives).length,
      labels: steps.filter(({ label }) => label).length,
      observations: steps.filter(({ observation }) => observation).length,
      question: createHash('sha256').update(question).digest('hex').slice(0, 12),
      problems: problems.map(({ line, reason }) => `${line}: ${reason}`),
    }).toEqual(expected);
    expect(new Set(trajectories.map(({ id }) => id)).size).toBe(trajectories.length);
  });

  it.each(
    files.filter((file) => !file.endsWith('.eval')),
  )('%s: spans slice back to the texts', async (file) => {
    const path = join(FOLDER, file);
    const text = decoded(path);
    for (const splitting of SPLITTINGS) {
      const { trajectories } = await readAll({ path }, { splitting });
      expect(misplaced(text, trajectories)).toEqual([]);
      expect(unplaced(trajectories)).toBe(0);
    }
  });

  it.each(
    files.filter((file) => !file.endsWith('.eval')),
  )('%s: read from memory as from the file', async (file) => {
    const path = join(FOLDER, file);
    const name = file.split('/').at(-1) ?? '';
    expect(await readAll({ text: decoded(path), name })).toEqual(await readAll({ path }));
  });

  it.skipIf(!existsSync(BENCH))('the labelled dev set is read whole', async () => {
    const { trajectories, problems } = await readAll({ path: join(BENCH, 'dev.jsonl') });
    expect(problems).toEqual([]);
    expect(trajectories).toHaveLength(297);
    for (const trajectory of trajectories) {
      expect(trajectory.format).toBe('normalised');
      expect(trajectory.goldAnswer).toBeDefined();
      expect(trajectory.firstError).toBeDefined();
      expect(trajectory.task).toBeDefined();
    }
    const origins = new Map<string, number>();
    for (const { origin } of trajectories.flatMap(({ negatives }) => negatives)) {
      origins.set(origin, (origins.get(origin) ?? 0) + 1);
    }
    expect([...origins.keys()].sort()).toEqual(['option', 'sibling']);
  });
});
