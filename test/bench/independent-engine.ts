import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { calibrationTexts } from '../../scripts/model/calibrate';
import { fetchGguf } from '../../scripts/model/source';
import { loadModel } from '../../src/likelihood/onnx/load-model';
import { loadTokenizer } from '../../src/likelihood/onnx/tokenizer';
import { type IndependentEngine, openLlamaCpp } from './llama-cpp';
import { mixedTexts } from './texts';

/**
 * Does the imported model say what llama.cpp says of the same GGUF file? Usage: independent-engine.ts [MODEL_FOLDER]...
 * Prints token-id equality on 1,000 texts and log-probabilities on 20 contexts, and writes the golden file that lets the
 * unit tests go without llama.cpp.
 */
async function main(): Promise<void> {
  const cache = resolve('.cache');
  const engine = await openLlamaCpp(cache, fetchGguf(cache));
  const folders = process.argv.slice(2).length ? process.argv.slice(2) : ['model'];
  const { encode } = await loadTokenizer(resolve(folders[0] ?? 'model'));

  const texts = [...mixedTexts(880), ...calibrationTexts('examples'), ...trainQuestions(108)];
  const different = texts.filter((text) => engine.tokenize(text).join() !== encode(text).join());
  console.log(
    `token ids: ${texts.length - different.length} of ${texts.length} texts equal (${engine.version})`,
  );
  for (const text of different.slice(0, 5)) console.log('  differs:', JSON.stringify(text));

  const contexts = calibrationTexts('examples').flatMap((text) => {
    const [head = '', target = ''] = text.split(/(?=The answer is: (?!.*The answer is: ))/s);
    const half = head.slice(0, head.lastIndexOf('\n\n', head.length - 3) + 2);
    return [
      { context: head, target },
      { context: half, target },
    ];
  });
  const golden = [];
  for (const { context, target } of contexts.slice(0, 20)) {
    const logProbs = await askIndependent(engine, context, target);
    golden.push({ context, target, logProbs });
  }
  for (const folder of folders) await compare(folder, golden);
  const sample = mixedTexts(120, 7).map((text) => ({ text, ids: engine.tokenize(text) }));
  writeFileSync(
    'test/model/golden/independent-engine.json',
    `${JSON.stringify({ engine: engine.version, contexts: golden, tokens: sample })}\n`,
  );
  await engine.dispose();
}

async function askIndependent(engine: IndependentEngine, context: string, target: string): Promise<number[]> {
  const logProbs = await engine.logProbs(engine.tokenize(context), engine.tokenize(target));
  return logProbs.map((v) => Number(v.toFixed(5)));
}

interface Golden {
  readonly context: string;
  readonly target: string;
  readonly logProbs: readonly number[];
}

async function compare(folder: string, golden: readonly Golden[]): Promise<void> {
  const model = await loadModel(resolve(folder));
  const perToken: number[] = [];
  for (const { context, target, logProbs } of golden) {
    const { likelihoods } = await model.score([{ context: { piece: context }, target }]);
    const sum = logProbs.reduce((a, b) => a + b, 0);
    perToken.push(((likelihoods[0]?.logProb ?? Number.NaN) - sum) / logProbs.length);
  }
  const absolute = perToken.map(Math.abs);
  const mean = absolute.reduce((a, b) => a + b, 0) / absolute.length;
  console.log(
    `${folder}: ${golden.length} targets, mean |difference| ${mean.toFixed(4)} nats per token, largest ${Math.max(...absolute).toFixed(4)}, ` +
      `mean log-likelihood ${(golden.reduce((s, g) => s + g.logProbs.reduce((a, b) => a + b, 0) / g.logProbs.length, 0) / golden.length).toFixed(3)}`,
  );
  await model.dispose();
}

/** Real questions, where the training file of GSM8K is at hand. */
function trainQuestions(count: number): string[] {
  const file = resolve('../shared/data/train/gsm8k_train.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, count);
  return lines.map((line) => (JSON.parse(line) as { question: string }).question);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
