import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { unescapeJson } from '../../../src/trajectory/read-span';
import { showNew } from '../support';
import { closeAll, configure, QUICK, readTraces } from './steplens';

const STEPS = ['One "quoted" \\ step.', 'Two\nlines and 🙂 a pair.', 'Ünïcode \u00e9 and \ttab.'];
const RECORD = { id: 'nasty', question: 'How many 🙂?', steps: STEPS, answer: '2' };

/** The stretch that a hover on the step's first word names, as text of the document. */
async function hovered(document: vscode.TextDocument, word: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(word) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const range = hovers.find((hover) => hover.range)?.range;
  assert.ok(range, `a hover on ${word}`);
  return document.getText(range);
}

describe('places of steps', () => {
  before(() => configure(QUICK));
  afterEach(closeAll);
  after(() => configure({ scoreOnOpen: undefined }));

  const files: Readonly<Record<string, string>> = {
    'lines.jsonl': `${JSON.stringify(RECORD)}\n`,
    'crlf.jsonl': `\r\n${JSON.stringify({ ...RECORD, id: 'before' })}\r\n${JSON.stringify(RECORD)}\r\n`,
    'pretty-crlf.json': JSON.stringify([RECORD], undefined, 2).replaceAll('\n', '\r\n'),
    'escaped.jsonl': `${JSON.stringify(RECORD).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
    'bom.jsonl': `\ufeff${JSON.stringify(RECORD)}\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    it(`are exact in ${name}`, async () => {
      const { document } = await showNew(name, content);
      await readTraces(document.uri);
      for (const [i, word] of ['One', 'Two', 'n\u00efcode'].entries()) {
        const written = name === 'escaped.jsonl' && i === 2 ? 'code \\u00e9' : word;
        assert.equal(unescapeJson(await hovered(document, written)), STEPS[i]);
      }
    });
  }

  it('are exact in Markdown, over several lines', async () => {
    const text =
      '# Question\r\n\r\nHow many?\r\n\r\nStep 1: One 🙂\r\ngoes on.\r\n\r\nStep 2: Two.\r\n\r\nAnswer: 2\r\n';
    const { document } = await showNew('steps.md', text);
    await readTraces(document.uri);
    assert.equal((await hovered(document, 'One')).replace(/\r/g, ''), 'Step 1: One 🙂\ngoes on.');
    assert.equal(await hovered(document, 'Two'), 'Step 2: Two.');
  });
});
