import assert from 'node:assert/strict';
import { type StubServer, startStub } from '../support/stub-server';
import { defineScenarios, eventually, type Ui } from './driver';
import { firstExamples, REWARD, texts, WRAPPED, waitForStatus } from './steplens';

const FILE = 'two.jsonl';
const KEY = 'only-for-this-server';

/** Waits for an input box by its title, and answers it. */
async function answer(ui: Ui, title: RegExp, text: string): Promise<void> {
  await ui.page.locator('.quick-input-widget .quick-input-title', { hasText: title }).waitFor();
  await ui.quickInput.answer(text);
}

const scored = (stub: StubServer) => stub.requests.filter(({ path }) => path === '/v1/completions').length;

let stub: StubServer | undefined;
let bundled: readonly string[] = [];

export default defineScenarios(
  {
    files: { [FILE]: firstExamples(2) },
    open: FILE,
    settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'all' },
  },
  {
    async 'a server is tried out, asked for with its key, and gives the rewards'(ui) {
      await waitForStatus(ui, /2 traces · .* · scored/);
      bundled = await texts(ui);
      assert.ok(bundled.length > 0 && bundled.every((text) => REWARD.test(text)));
      stub = await startStub({ dialect: 'vllm', key: KEY }); // a server that wants a key
      await ui.palette('Steplens: Score on a Server');
      await answer(ui, /Score on a server/, stub.url);
      await answer(ui, /Key of http:\/\/127\.0\.0\.1/, KEY);
      assert.match(
        await ui.notifications.waitFor(/Rewards are computed by/),
        /vLLM.*stub-model|stub-model.*vLLM/i,
      );
      const probes = scored(stub);
      const isOther = (now: readonly string[]) =>
        now.length === bundled.length &&
        now.every((text) => REWARD.test(text)) &&
        now.join() !== bundled.join();
      await eventually(() => texts(ui), isOther, { what: 'rewards of the server' });
      assert.ok(scored(stub) > probes, 'the server was asked for the traces');
      assert.match(await ui.editor().hover('12 * 18', /Step/), /stub-model/);
      await ui.screenshot('server');
    },

    async 'a server that is gone is named, and the bundled model takes over again'(ui) {
      await stub?.close();
      const lens = ui.editor().lenses('Score again').first();
      await ui.editor().follow(lens, () =>
        ui.notifications
          .items(/127\.0\.0\.1/)
          .first()
          .isVisible(),
      );
      await ui.palette('Steplens: Choose Model');
      await ui.quickInput.pick('Bundled model');
      await eventually(
        () => texts(ui),
        (now) => now.join() === bundled.join(),
        { what: 'the bundled model’s rewards' },
      );
    },
  },
);
