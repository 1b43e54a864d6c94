import { open } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { isSystemError, LabelError, onFile } from '../label-error';
import { workPaths } from '../paths';
import { takeLock } from '../run/lock';
import { isLabel, isObject } from '../stored';
import { type HumanLabel, type HumanLabels, NO_HUMAN_LABELS } from './human-labels';

/**
 * The file with the human labels of a trace file (`<name>.steplens.json`):
 * `{"version": 1, "labels": {<trace>: {<step>: {"label", "who", "when", "reward"}}}, "gold": {<trace>: <answer>}}`,
 * where `<trace>` is `traceKey` of the trace and `<step>` an index from 0.
 */
const VERSION = 1;

/** A file with the work of people is small; a larger one is something else. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads human labels; none where there is no file.
 * @throws {LabelError} `human-labels` where the file is not what this version of Steplens writes; `read`
 */
export async function readHumanLabels(path: string): Promise<HumanLabels> {
  const text = await onFile('read', path, async () => {
    const file = await open(path, 'r').catch((error: unknown) => {
      if (isSystemError(error) && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) throw broken(path, `it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  });
  return text === undefined ? NO_HUMAN_LABELS : parseHumanLabels(text, path);
}

/**
 * Changes human labels on disk: reads them, applies `edit`, writes the whole file anew in one move. Two edits at once
 * wait for each other; a broken file is never written over.
 * @returns what stands in the file now
 * @throws {LabelError} as `readHumanLabels`; `write`; `locked` where another program keeps holding the file
 */
export async function editHumanLabels(
  path: string,
  edit: (labels: HumanLabels) => HumanLabels,
): Promise<HumanLabels> {
  const lock = await patiently(() => takeLock(workPaths(path).lock, path));
  try {
    const labels = edit(await readHumanLabels(path));
    await onFile('write', path, () => writeFileAtomic(path, formatHumanLabels(labels)));
    return labels;
  } finally {
    await lock.release();
  }
}

/** An edit takes milliseconds; whoever holds the file is soon done. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof LabelError && error.kind === 'locked') || tries >= 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** As text, traces and steps in a fixed order, so that a version control system shows what was changed. */
export function formatHumanLabels({ labels, gold }: HumanLabels): string {
  const byName = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const content = {
    version: VERSION,
    labels: Object.fromEntries(
      byName(labels).map(([trace, steps]) => [
        trace,
        Object.fromEntries([...steps].sort(([a], [b]) => a - b)),
      ]),
    ),
    gold: Object.fromEntries(byName(gold)),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** @throws {LabelError} `human-labels`, naming the place */
export function parseHumanLabels(text: string, path: string): HumanLabels {
  const fail = (reason: string): never => {
    throw broken(path, reason);
  };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    fail(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(content)) return fail('an object is expected');
  if (content.version !== VERSION) {
    return fail(`its version is ${JSON.stringify(content.version)}, this Steplens knows ${VERSION}`);
  }
  const labels = new Map<string, Map<number, HumanLabel>>();
  for (const [trace, steps] of entriesOf(content.labels, TRACE, 'labels', fail)) {
    const known = new Map<number, HumanLabel>();
    for (const [step, value] of entriesOf(steps, STEP, `labels of ${trace}`, fail)) {
      const expected = 'label (correct, neutral or incorrect), who, when and reward are expected';
      known.set(Number(step), readLabel(value) ?? fail(`labels of ${trace}, step ${step}: ${expected}`));
    }
    labels.set(trace, known);
  }
  const gold = new Map<string, string>();
  for (const [trace, answer] of entriesOf(content.gold, TRACE, 'gold', fail)) {
    if (typeof answer !== 'string' || answer.trim() === '') fail(`gold of ${trace}: a text is expected`);
    else gold.set(trace, answer);
  }
  return { labels, gold };
}

const TRACE = /^[0-9a-f]{32}$/;
const STEP = /^(?:0|[1-9]\d{0,8})$/;

/** Entries of an object; their names are checked, so that none can be mistaken for anything else. */
function entriesOf(
  value: unknown,
  name: RegExp,
  where: string,
  fail: (reason: string) => never,
): [string, unknown][] {
  if (value === undefined) return [];
  if (!isObject(value)) return fail(`${where}: an object is expected`);
  const entries = Object.entries(value);
  const odd = entries.find(([key]) => !name.test(key));
  return odd ? fail(`${where}: ${JSON.stringify(odd[0].slice(0, 40))} is not expected here`) : entries;
}

function readLabel(value: unknown): HumanLabel | undefined {
  if (!isObject(value)) return undefined;
  const { label, who, when, reward } = value;
  if (!isLabel(label) || typeof who !== 'string' || typeof when !== 'string') return undefined;
  if (reward !== null && typeof reward !== 'number') return undefined;
  return { label, who, when, reward };
}

function broken(path: string, reason: string): LabelError {
  return new LabelError(
    'human-labels',
    `${path}: the human labels cannot be read (${reason}); mend the file or move it away, it is left as it is`,
  );
}
