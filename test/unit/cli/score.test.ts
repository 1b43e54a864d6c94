import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoreRecord } from '../../../src/labels/record';
import { TINY, writeTinyModel } from '../../support/tiny-llama';
import { buildInto } from '../../support/worker';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const GOOD = {
  id: 'one',
  question: 'What is 2 + 3?',
  steps: ['2 + 3 = 5.', 'The answer is: 5'],
  answer: '5',
};
const line = (value: object) => `${JSON.stringify(value)}\n`;

describe('steplens score', () => {
  let built: string;
  let model: string;
  let folder: string;

  beforeAll(async () => {
    built = await buildInto('cli', 'likelihood-worker');
    model = writeTinyModel(undefined, { ...TINY, max_position_embeddings: 2048 });
    folder = mkdtempSync(join(tmpdir(), 'steplens-cli-'));
  }, 60_000);
  afterAll(() => {
    for (const path of [built, model, folder]) rmSync(path, { recursive: true });
  });

  /** Runs the command, with Ctrl-C once something was printed where `interrupt` is set. */
  function steplens(args: readonly string[], { env = {}, interrupt = false } = {}): Promise<Outcome> {
    const child = spawn(process.execPath, [join(built, 'cli.js'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    if (interrupt) child.stdout.once('data', () => child.kill('SIGINT'));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  }
  const score = (content: string | Buffer, args: readonly string[] = [], options = {}) => {
    const file = join(folder, 'traces.jsonl');
    writeFileSync(file, content);
    return steplens(['score', file, '--model', model, '--templates', '1', ...args], options);
  };
  const records = ({ stdout }: Outcome) =>
    stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as ScoreRecord);

  it('prints one JSON object a trace and nothing else', async () => {
    const outcome = await score(line(GOOD) + line({ ...GOOD, id: 'two' }), ['--json']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const [first, second, ...rest] = records(outcome);
    expect(rest).toEqual([]);
    expect(second?.id).toBe('two');
    expect(Object.keys(first ?? {})).toEqual([
      ...[
        'id',
        'question',
        'goldAnswer',
        'goldSource',
        'finalAnswer',
        'negatives',
        'estimator',
        'model',
        'steps',
      ],
      ...['cost', 'seconds', 'warning'],
    ]);
    expect(first).toMatchObject({
      goldAnswer: '5',
      goldSource: 'file',
      finalAnswer: '5',
      estimator: 'lasting',
    });
    expect(first?.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(first?.negatives).toHaveLength(4);
    expect(first?.warning).toContain('the last step only states the answer');
    for (const step of first?.steps ?? []) {
      expect(Object.keys(step)).toEqual([
        'index',
        'text',
        'reward',
        'goldGain',
        'contrastGain',
        'softLabel',
        'label',
      ]);
      expect(step.reward).toBeCloseTo(step.goldGain - (step.contrastGain ?? Number.NaN), 12);
    }
    expect(first?.steps.map((s) => s.text)).toEqual(GOOD.steps);
    const cost = first?.cost;
    expect(cost?.computedPositions).toBeLessThanOrEqual(cost?.distinctPositions ?? 0);
    expect(cost?.distinctPositions).toBeLessThan(cost?.naivePositions ?? 0);
  });

  it('gives the same rewards for the same file, and others for another seed', async () => {
    const numbers = async (args: readonly string[]) =>
      records(await score(line(GOOD), ['--json', ...args])).map((r) => [r.negatives, r.steps]);
    const first = await numbers([]);
    expect(await numbers([])).toEqual(first);
    expect(await numbers(['--seed', '5'])).not.toEqual(first);
  });

  it('scores the good records and reports the broken ones with file, line and reason', async () => {
    const content = `\ufeff${line(GOOD).replace('\n', '\r\n')}{"question": 3,\r\n${line({ ...GOOD, id: 'three' })}{"id": "cut", "question": "Wh`;
    const outcome = await score(content, ['--json']);
    expect(outcome.code).toBe(0);
    expect(records(outcome).map((r) => r.id)).toEqual(['one', 'three']);
    expect(outcome.stderr).toMatch(/traces\.jsonl:2: .+\n/);
    expect(outcome.stderr).toMatch(/traces\.jsonl:4: .+\n/);
  });

  it('takes a folder and a pattern, and leaves out what Steplens writes', async () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    for (const name of ['a.jsonl', 'b.jsonl', 'a.cpmi.jsonl', 'c.csv']) {
      writeFileSync(join(many, name), line({ ...GOOD, id: name }));
    }
    for (const files of [many, join(many, '*.jsonl')]) {
      const outcome = await steplens(['score', files, '--model', model, '--templates', '1', '--json']);
      expect(records(outcome).map(({ id }) => id)).toEqual(['a.jsonl', 'b.jsonl']);
      expect((await steplens(['formats', files, '--json'])).stdout.trim().split('\n')).toHaveLength(2);
    }
  });

  it('ends with 1 where nothing could be scored, with 2 for bad usage, each with one clear line', async () => {
    const nothing = await score(line({ ...GOOD, answer: undefined, steps: ['No result here.'] }));
    expect(nothing).toMatchObject({ code: 1, stdout: '' });
    expect(nothing.stderr).toContain('no gold answer and no final answer can be read');
    expect(await steplens(['score', join(folder, 'missing.jsonl'), '--model', model])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('missing.jsonl: there is no such file\n'),
    });
    expect(await steplens(['score', join(folder, 'traces.jsonl'), '--model', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^steplens: .*is no model folder.*\n$/),
    });
    expect(await steplens(['score', 'x', '--colour'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("unknown option '--colour'"),
    });
    expect(await steplens(['score', 'x', '--templates', '9'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--templates <K>'),
    });
  });

  it('uses --answer where the file has none, and else the trace’s own answer, saying so', async () => {
    const open = line({ ...GOOD, answer: undefined });
    const [given] = records(await score(open, ['--json', '--answer', '$6.00']));
    expect(given).toMatchObject({ goldAnswer: '$6.00', goldSource: 'given' });
    const [agnostic] = records(await score(open, ['--json']));
    expect(agnostic).toMatchObject({ goldAnswer: '5', goldSource: 'final' });
    expect(agnostic?.warning).toContain('no gold answer');
    expect(agnostic?.negatives.map((n) => n.text)).not.toContain('5');
  });

  it('says when there was nothing to contrast with', async () => {
    const [record] = records(await score(line(GOOD), ['--json', '--negatives', '0']));
    expect(record?.steps.map((s) => s.contrastGain)).toEqual([null, null]);
  });

  it('prints traces for people: rewards, bar, lowest step, summary, colour only where it belongs', async () => {
    const plain = await score(line(GOOD));
    expect(plain.stdout).toContain('What is 2 + 3?');
    expect(plain.stdout).toMatch(/1 {2}[+−]\d\.\d\d .*│.* {2}2 \+ 3 = 5\./);
    expect(plain.stdout.match(/◀ lowest/g)).toHaveLength(1);
    expect(plain.stdout).toMatch(/1 traces, 2 steps/);
    expect(plain.stdout).toMatch(/\d+ positions computed where separate passes would run \d+/);
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('lets no escape sequence of a trace reach the terminal', async () => {
    const { stdout } = await score(line({ ...GOOD, question: 'Red \u001b[31m or \u202enot\u0007?' }));
    expect(stdout).toContain('Red  or \ufffdnot\ufffd?');
  });

  it('cuts or refuses a trace beyond the window, naming the step', async () => {
    const long = line({ ...GOOD, steps: ['short.', 'a '.repeat(1500), 'end.'] });
    const refused = await score(long);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/step 2 needs a context of \d+ tokens, the model's window is 2048/);
    const [cut] = records(await score(long, ['--json', '--overflow', 'cut-left']));
    expect(cut?.warning).toMatch(/up to \d+ were cut from the left/);
    expect(cut?.steps.every((s) => Number.isFinite(s.reward))).toBe(true);
  });

  it('ends on Ctrl-C with 130', async () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      line({ ...GOOD, id: `t${i}`, question: `What is 2 + ${i}?` }),
    ).join('');
    const outcome = await score(many, ['--json'], { interrupt: true });
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).toContain('interrupted');
    expect(records(outcome).length).toBeLessThan(400);
  });
});
