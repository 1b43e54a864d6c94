import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import { show, showNew, workspaceFile } from '../support';
import { closeAll, configure, lensTitles, QUICK, readTraces, scoredTraces, steplens } from './steplens';

describe('recognising and scoring', () => {
  const examples = () => workspaceFile('traces.jsonl');

  before(() => configure({ ...QUICK, 'cpmi.seed': 11 })); // nothing of other suites is known
  after(() => configure({ 'cpmi.seed': undefined }));
  afterEach(closeAll);

  it('recognises a trace file by its content and puts lenses over each trace', async () => {
    await show(examples());
    assert.equal((await readTraces(examples())).length, 12);
    assert.deepEqual(await lensTitles(examples(), 0), ['Score', 'Readable view', 'Gold: 33']);
  });

  it('leaves other JSON alone', async () => {
    const { document } = await showNew('other.json', '{"name": "x", "version": "1.0.0", "files": {}}');
    await sleep(1500);
    assert.equal((await steplens()).traces(document.uri), undefined);
    assert.deepEqual(await lensTitles(document.uri), []);
  });

  it('scores the traces on the screen when a file is opened, with the bundled model', async () => {
    await configure({ scoreOnOpen: 'visible' });
    await show(examples());
    const [first] = await scoredTraces(examples(), 2);
    assert.equal(first?.rewards.length, 4);
    const titles = await lensTitles(examples(), 0);
    assert.match(titles[3] ?? '', /^Lowest: step \d, [+−]?\d\.\d\d$/);
    assert.match(titles[4] ?? '', /Right answer$/);
  });
});
