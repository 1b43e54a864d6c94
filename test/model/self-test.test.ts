import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/likelihood/onnx/load-model';
import { openRuntime } from '../../src/likelihood/onnx/runtime';
import { readSelfTest, SELF_TEST_TOLERANCE, selfTestDifference } from '../../src/models/doctor/self-test';

const MODEL = resolve('model');

describe('the self-test that the doctor compares with', () => {
  it.each([
    'native',
    'wasm',
  ] as const)('is of the bundled model, by %s (npm run model:self-test)', async (choice) => {
    const { runtime } = await openRuntime(choice);
    const test = await readSelfTest(MODEL);
    const model = await loadModel(MODEL, { runtime });
    expect(model.id.sha256).toBe(test.sha256);
    const difference = await selfTestDifference(model, test);
    console.info(
      `${choice}: scores differ by up to ${difference.toFixed(3)} nats a token from the stored ones`,
    );
    expect(difference).toBeLessThan(SELF_TEST_TOLERANCE);
    await model.dispose();
  });
});
