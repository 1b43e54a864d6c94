import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadModel } from '../../src/likelihood/onnx/load-model';
import { openRuntime } from '../../src/likelihood/onnx/runtime';
import {
  SELF_TEST_FILE,
  SELF_TEST_TEXTS,
  type SelfTest,
  selfTestRequests,
} from '../../src/models/doctor/self-test';
import { writeInt8Check } from './int8-check';

/** `npm run model:self-test`: scores the self-test's texts with the bundled model here, and writes down what came out. */
async function main(): Promise<void> {
  const folder = resolve('model');
  writeInt8Check(folder);
  const { runtime } = await openRuntime('native');
  const model = await loadModel(folder, { runtime });
  const { likelihoods } = await model.score(selfTestRequests(SELF_TEST_TEXTS));
  const stored: SelfTest = {
    sha256: model.id.sha256,
    texts: SELF_TEST_TEXTS.map((text, i) => {
      const { logProb, tokens } = likelihoods[i] ?? { logProb: Number.NaN, tokens: 1 };
      return { ...text, nats: Number((logProb / tokens).toFixed(4)) };
    }),
  };
  await writeFile(join(folder, SELF_TEST_FILE), `${JSON.stringify(stored, undefined, 2)}\n`);
  await model.dispose();
  console.log(stored);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
