import { expect, it } from 'vitest';
import { loadCorpus } from '../../fuzz/corpus';
import { type Fault, Fuzzer } from '../../fuzz/fuzz';
import { heapInUse } from './support';

/** A short run of `npm run fuzz`, with the same files every time: at most this many, or as many as the time allows. */
const FILES = 4000;
const SECONDS = 10;

it('mutated sample files crash nothing, take no time, lose no other record and fill no memory', async () => {
  const fuzzer = new Fuzzer(await loadCorpus(), 7);
  const until = performance.now() + SECONDS * 1000;
  const faults: Fault[] = [];
  let [read, early] = [0, 0];
  for (; read < FILES && (read < 100 || performance.now() < until); read++) {
    faults.push(...(await fuzzer.run(read)));
    if (read === 500) early = heapInUse();
  }
  expect(faults.filter(({ kind }) => kind !== 'swallowed')).toEqual([]);
  expect(read).toBeGreaterThanOrEqual(100);
  if (early > 0) expect(heapInUse() - early).toBeLessThan(20e6);
}, 60_000);

it('a file that is read wrongly is noticed', async () => {
  const corpus = await loadCorpus();
  const lying = corpus.map((seed) => ({
    ...seed,
    // Records that are said to stand where they do not: changing one changes another.
    records: seed.records.map(({ start, end }, i) =>
      i === 0 ? { start, end: start + 1 } : { start: start - 40, end },
    ),
  }));
  const fuzzer = new Fuzzer(lying, 7);
  const faults: Fault[] = [];
  for (let n = 0; n < 200; n++) faults.push(...(await fuzzer.run(n)));
  expect(faults.some(({ kind }) => kind === 'lost')).toBe(true);
}, 60_000);
