import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/editor/document/trace';
import { HeatmapFeed } from '../../../src/editor/heatmap/feed';
import { batchOf, rewardsOf, runs } from '../../../src/editor/heatmap/rows';
import type { HostMessage } from '../../../src/heatmap/protocol';
import { parseHostMessage } from '../../../src/heatmap/validate';
import { scoredWith, traceOf } from './traces';

function collecting() {
  const sent: HostMessage[] = [];
  const init = (generation: number): HostMessage => ({
    type: 'init',
    generation,
    title: 't',
    measure: { name: 'n', unit: 'u', detail: '' },
    settings: { threshold: 0, bands: [-1, 1] },
    strings: {},
    locale: 'en',
  });
  const feed = new HeatmapFeed((message) => sent.push(message), init);
  /** What was sent since the last call; everything must pass the page's own checks. */
  const take = () => {
    const taken = sent.splice(0);
    for (const message of taken) expect(parseHostMessage(message)).toHaveProperty('message');
    return taken;
  };
  return { feed, take };
}

const three = (): Promise<Trace[]> =>
  Promise.all(['a', 'b', 'c'].map((id, i) => traceOf({ id, steps: ['x', 'y'], answer: '1' }, i)));

describe('the feed of the heatmap', () => {
  it('starts with init and all rows', async () => {
    const { feed, take } = collecting();
    await feed.restart(await three());
    expect(take().map((message) => message.type)).toEqual(['init', 'rows']);
  });

  it('sends new rewards and nothing else while scoring', async () => {
    const { feed, take } = collecting();
    const traces = await three();
    await feed.restart(traces);
    take();
    const [, second] = traces;
    second?.setScored(scoredWith(second, [0.5, -0.5]));
    await feed.sync(traces, second ? [second] : []);
    expect(take()).toEqual([
      { type: 'rewards', generation: 1, rows: [1], rewards: new Float32Array([0.5, -0.5]) },
    ]);
    await feed.sync(traces, []);
    expect(take()).toEqual([]);
  });

  it('sends the rows that look different, and rows that have come', async () => {
    const { feed, take } = collecting();
    const traces = await three();
    await feed.restart(traces.slice(0, 2));
    take();
    await feed.sync(traces, traces);
    const [message, ...others] = take();
    expect(others.map((other) => other.type)).toEqual(['rewards']);
    expect(message).toMatchObject({ type: 'rows', batch: { start: 2, ids: ['c'] } });
  });

  it('starts a new generation when there are fewer traces', async () => {
    const { feed, take } = collecting();
    const traces = await three();
    await feed.restart(traces);
    take();
    await feed.sync(traces.slice(0, 1), []);
    expect(take().map((message) => message.type)).toEqual(['init', 'rows']);
    expect(feed.generation).toBe(2);
  });

  it('tells the reason of a failure once', async () => {
    const { feed, take } = collecting();
    const traces = await three();
    await feed.restart(traces);
    take();
    for (const trace of traces.slice(0, 1)) trace.state = { kind: 'failed', reason: 'too long' };
    await feed.sync(traces, traces);
    await feed.sync(traces, traces);
    const failures = take().filter((message) => message.type === 'failures');
    expect(failures).toEqual([
      { type: 'failures', generation: 1, failures: [{ row: 0, reason: 'too long' }] },
    ]);
  });
});

describe('rows', () => {
  it('have no number where a reward does not hold', async () => {
    const [trace] = await three();
    if (!trace) throw new Error('a trace is expected');
    expect([...rewardsOf([trace])]).toEqual([Number.NaN, Number.NaN]);
    trace.setScored(scoredWith(trace, [0.25, 0.5]));
    expect([...rewardsOf([trace])]).toEqual([0.25, 0.5]);
    trace.setStale();
    expect([...rewardsOf([trace])]).toEqual([Number.NaN, Number.NaN]);
    expect(batchOf(4, [trace])).toMatchObject({ start: 4, ids: ['a'], steps: [2], outcomes: ['unknown'] });
  });

  it('go in runs', () => {
    expect(runs([1, 2, 3, 7, 8], 2)).toEqual([[1, 2], [3], [7, 8]]);
    expect(runs([])).toEqual([]);
  });
});
