import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { defineScenarios, type Ui } from './driver';
import {
  EXAMPLES,
  firstExamples,
  killScoringProcess,
  labelByCommand,
  WRAPPED,
  waitForStatus,
} from './steplens';

const FEW = firstExamples(3);
/**
 * The examples three times over with other questions, so that nothing is known from before: enough that a slow machine,
 * which sees how far the work is some traces late, can still stop it.
 */
const many = (word: string): string =>
  ['one', 'two', 'three']
    .flatMap((round) =>
      EXAMPLES.map((line) => `${line.replace('"question": "', `"question": "${word} ${round}. `)}\n`),
    )
    .join('');
const COUNT = 3 * EXAMPLES.length;

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Waits until a labelling has done a good part of its traces, and no more. */
async function wellUnderWay(ui: Ui): Promise<void> {
  await ui.notifications.waitFor(new RegExp(`(^|\\D)([2-9]|1\\d) of ${COUNT}`));
}

export default defineScenarios(
  {
    files: {
      'few.jsonl': FEW,
      'many.jsonl': many('Round'),
      'killed.jsonl': many('Time'),
      'scored.jsonl': many('Hour'),
    },
    settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'never' },
  },
  {
    async 'Label File writes the bytes that the command line writes, and leaves the source alone'(ui) {
      const source = path.join(ui.workspace, 'few.jsonl');
      await ui.openFile('few.jsonl');
      await ui.palette('Steplens: Label File');
      await ui.notifications.waitFor(/^3 traces with 12 steps are labelled\.$/);
      await ui.notifications.press('are labelled', 'Open labels');
      await ui.tabs('few.cpmi.jsonl').waitFor();
      const labels = await readFile(path.join(ui.workspace, 'few.cpmi.jsonl'));
      assert.deepEqual(labels, await labelByCommand(source));
      assert.equal(await readFile(source, 'utf8'), FEW);
    },

    async 'a labelling that is cancelled stops, and the next one goes on from there'(ui) {
      const out = path.join(ui.workspace, 'many.cpmi.jsonl');
      await ui.openFile('many.jsonl');
      await ui.palette('Steplens: Label File');
      await wellUnderWay(ui);
      await ui.notifications.press('Labelling many.jsonl', 'Cancel');
      await ui.notifications.waitFor(/cancelled/);
      assert.equal(await exists(out), false);
      await ui.clearNotifications();
      await ui.palette('Steplens: Label File');
      await ui.notifications.waitFor(new RegExp(`^${COUNT} traces with \\d+ steps are labelled`));
      const expected = await labelByCommand(path.join(ui.workspace, 'many.jsonl'));
      assert.deepEqual(await readFile(out), expected);
      await ui.clearNotifications();
    },

    async 'a labelling goes on when the scoring process is killed, and nothing is lost'(ui) {
      await ui.openFile('killed.jsonl');
      await ui.palette('Steplens: Label File');
      await wellUnderWay(ui);
      await killScoringProcess(ui);
      await ui.notifications.waitFor(new RegExp(`^${COUNT} traces with \\d+ steps are labelled`));
      const labels = await readFile(path.join(ui.workspace, 'killed.cpmi.jsonl'));
      const expected = await labelByCommand(path.join(ui.workspace, 'killed.jsonl'));
      assert.deepEqual(labels, expected);
      await ui.clearNotifications();
    },

    async 'Score File goes on when the scoring process is killed'(ui) {
      await ui.openFile('scored.jsonl');
      await ui.palette('Steplens: Score File');
      await waitForStatus(ui, /scoring, [123]\d to go/);
      await killScoringProcess(ui);
      assert.match(
        await waitForStatus(ui, /· scored/),
        new RegExp(`${COUNT} traces · Steplens JSON lines · scored`),
      );
      assert.doesNotMatch(await ui.languageStatus(), /could not be scored/);
    },
  },
);
