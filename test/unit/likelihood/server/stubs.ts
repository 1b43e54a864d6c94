import { afterEach } from 'vitest';
import type { LikelihoodRequest } from '../../../../src/likelihood/likelihood-model';
import { openServer, type ServerOptions } from '../../../../src/likelihood/server';
import { type StubOptions, type StubServer, startStub } from '../../../support/stub-server';

/** Quick enough for tests that wait for retries. */
export const FAST = { firstMs: 1, longestMs: 5 } as const;

let stubs: StubServer[] = [];
afterEach(async () => {
  await Promise.all(stubs.map((stub) => stub.close()));
  stubs = [];
});

/** A stub that is closed after the test. */
export async function stub(options: StubOptions, port?: number): Promise<StubServer> {
  const started = await startStub(options, port);
  stubs.push(started);
  return started;
}

export const open = (urls: readonly string[], options: Partial<ServerOptions> = {}) =>
  openServer({ urls, timeoutMs: 5_000, backOff: FAST, ...options });

const QUESTION = { piece: 'Question: How many are three and four?' };
const STEP = { before: QUESTION, piece: '\n\nThree and four make seven.' };
const end = (before: typeof STEP | typeof QUESTION) => ({ before: { before, piece: '\n' }, piece: '\n' });

/** Two contexts and four answers, one of which another one begins with. */
export const REQUESTS: readonly LikelihoodRequest[] = [QUESTION, STEP].flatMap((text) => {
  const context = end(text);
  return ['7', '72', '8', '-7'].map((answer) => ({ context, target: `The answer is: ${answer}` }));
});
