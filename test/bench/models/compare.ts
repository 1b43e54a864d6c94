import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateRewards } from '../../../src/evaluation';
import { importModel } from '../../../src/models/import/import-model';
import { IMPORT_PRECISIONS } from '../../../src/models/import/precision/names';
import { textOf } from '../../support/separate';
import type { PrecisionRun } from '../precision-run';
import { type ModelPlace, openPlace } from './open';

/** One line of the table: an engine and what it runs. The first is what the others are compared with. */
type Row = readonly [engine: string, model: string, place: ModelPlace, how?: 'chat'];

interface Golden {
  readonly pieces: readonly string[];
  readonly target: string;
  readonly logProb: number;
}

/**
 * Time, memory and fidelity of SmolLM2-135M-Instruct's forms on labelled traces, as a Markdown table; and how far each is
 * from transformers on the example traces. FOLDER is what `export_onnx.py smollm2` wrote, from the GGUF file.
 * Usage: compare.ts FOLDER GGUF [FILE] [COUNT] [ONLY] [URL@PID...], where ONLY is a part of the rows' names (the first row is
 * always run), and a URL with a process id a server of the GGUF file on this machine.
 */
async function main([
  folder = '',
  gguf = '',
  file,
  count = '40',
  only = '',
  ...servers
]: string[]): Promise<void> {
  const rows: readonly Row[] = [
    ['our graph', 'imported GGUF, fp32', join(folder, 'imported-fp32')],
    ['our graph', 'bundled, int8, smoothed', 'model'],
    ['our graph', 'bundled, in its chat template', 'model', 'chat'],
    ['our graph', 'imported GGUF, int8', join(folder, 'imported-int8')],
    ['our graph', 'imported GGUF, q8', join(folder, 'imported-q8')],
    ['our graph', 'imported GGUF, q4', join(folder, 'imported-q4')],
    ['key-value cache', 'Hugging Face layout, fp32', join(folder, 'onnx')],
    ['key-value cache', 'Hugging Face layout, q4', join(folder, 'onnx-q4')],
    ...servers.map((place): Row => ['server', `GGUF, ${place}`, place]),
  ];
  const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Golden[];
  console.log(
    '| engine | model | MB | s a trace | peak MB | positions | from transformers | max diff of rewards | mean | step AUC |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  let reference: PrecisionRun | undefined;
  for (const [engine, name, path, how] of rows.filter(([, name], i) => i === 0 || name.includes(only))) {
    const precision = IMPORT_PRECISIONS.find((p) => path === join(folder, `imported-${p}`));
    if (precision && !existsSync(path)) await importModel(gguf, { out: path, precision });
    const apart = await fromTransformers(path, golden);
    const run = measure(path, file ?? '../shared/data/bench/dev.jsonl', count, how);
    reference ??= run;
    const { auc } = evaluateRewards(run.traces, { bootstrap: { resamples: 0, seed: 0 } }).overall.allSteps;
    const [most, mean] = differences(run, reference);
    const cells = [
      Number.isFinite(run.megabytes) ? run.megabytes.toFixed(0) : '–',
      (run.seconds / run.traces.length).toFixed(2),
      run.peakMegabytes.toFixed(0),
      run.positions,
      apart.toFixed(5),
      ...(how === 'chat' ? ['–', '–'] : [most.toFixed(4), mean.toFixed(4)]),
      auc.value === null ? '–' : auc.value.toFixed(3),
    ];
    console.log(`| ${engine} | ${name} | ${cells.join(' | ')} |`);
  }
}

/** In a process of its own, so that its peak memory is its own. */
function measure(place: ModelPlace, file: string, count: string, how = ''): PrecisionRun {
  const args = ['--import', 'tsx', 'test/bench/precision-run.ts', place, file, count, how];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 30 }));
}

/** Largest difference from transformers' log-probabilities, in nats per token. */
async function fromTransformers(place: ModelPlace, golden: readonly Golden[]): Promise<number> {
  const model = await openPlace(place);
  const requests = golden.map(({ pieces, target }) => ({
    context: textOf([...pieces, '\n', '\n']),
    target,
  }));
  const { likelihoods } = await model.score(requests);
  await model.dispose();
  const apart = likelihoods.map(({ logProb, tokens }, i) =>
    Math.abs((logProb - (golden[i]?.logProb ?? Number.NaN)) / tokens),
  );
  return Math.max(...apart);
}

/** Largest and mean absolute difference of the steps' rewards. */
function differences(run: PrecisionRun, reference: PrecisionRun): [number, number] {
  const all = run.traces.flatMap(({ rewards }, i) =>
    rewards.map((reward, step) => Math.abs(reward - (reference.traces[i]?.rewards[step] ?? Number.NaN))),
  );
  return [Math.max(...all), all.reduce((a, b) => a + b, 0) / all.length];
}

void main(process.argv.slice(2));
