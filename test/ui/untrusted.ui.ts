import assert from 'node:assert/strict';
import { defineScenarios } from './driver';
import { firstExamples, REWARD, scoringProcesses, WRAPPED, waitForStatus } from './steplens';

const FILE = 'two.jsonl';
const EVIL = '/evil/node';

export default defineScenarios(
  {
    files: {
      [FILE]: firstExamples(2),
      '.vscode/settings.json': JSON.stringify({
        'steplens.model.folder': '/evil/model',
        'steplens.model.nodePath': EVIL,
        'steplens.model.threads': 64,
        'steplens.scoreOnOpen': 'all',
      }),
    },
    open: FILE,
    settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'never' },
    untrusted: true,
  },
  {
    async 'a folder that is not trusted is scored by the bundled model, whatever its settings say'(ui) {
      await ui.statusBar('Restricted Mode').waitFor();
      // What is harmless of the folder's settings holds: it wants all traces scored.
      await waitForStatus(ui, /2 traces · .* · scored/);
      await ui.editor().waitForInlineText(REWARD);
      assert.match(await ui.editor().hover('12 * 18', /Step/), /SmolLM2-135M-Instruct/);
      const commands = (await ui.processes()).filter(({ command }) =>
        command.some((part) => part.includes(EVIL)),
      );
      assert.deepEqual(commands, []);
      assert.equal((await scoringProcesses(ui)).length, 1);
    },
  },
);
