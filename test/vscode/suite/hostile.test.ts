import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { showNew } from '../support';
import { closeAll, configure, lensTitles, QUICK, readTraces, scoredTraces, steplens } from './steplens';

const EVIL = [
  '<img src=x onerror=alert(1)><script>alert(1)</script>',
  '](command:workbench.action.closeWindow) [x](command:workbench.action.quit)',
  '\u202Egnp.exe\u2066 `` $(error) | a | b |\n\n# heading',
  '![x](https://example.org/x.png) https://example.org/',
].join(' ');

const RECORD = {
  id: `evil ${EVIL}`,
  question: EVIL,
  steps: [`${EVIL} one`, `two ${EVIL}`],
  answer: '](command:x)`<b>|',
  negatives: ['[a](command:y)', '<i>`'],
  __proto__: { polluted: true },
};

describe('a hostile file', () => {
  let document: vscode.TextDocument;

  before(async () => {
    await configure({ ...QUICK, lowThreshold: 9 });
    // `__proto__` as a key of the file, which JSON.stringify would leave out.
    const text = `${JSON.stringify(RECORD).replace(/^\{/, '{"__proto__": {"polluted": true}, ')}\n`;
    document = (await showNew('hostile.jsonl', text)).document;
    await readTraces(document.uri);
    await vscode.commands.executeCommand('steplens.scoreTrace', { uri: document.uri.toString(), trace: 0 });
    await scoredTraces(document.uri, 1);
  });
  after(async () => {
    await closeAll();
    await configure({ lowThreshold: undefined });
  });

  it('gets no link, picture or HTML into a hover', async () => {
    const at = document.positionAt(document.getText().indexOf('two '));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const [content] = hovers.flatMap((hover) => hover.contents).filter((c) => typeof c !== 'string');
    assert.ok(content instanceof vscode.MarkdownString);
    assert.ok(!content.supportHtml);
    assert.ok(typeof content.isTrusted === 'object');
    assert.ok(content.isTrusted.enabledCommands.every((command) => command.startsWith('steplens.')));
    // Rendered by VS Code's own Markdown: all that comes of it is ours.
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', content.value);
    const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, link = '']) => link);
    assert.ok(
      links.length >= 4 && links.every((link) => link.startsWith('command:steplens.')),
      links.join('\n'),
    );
    assert.equal(html.match(/<(script|i|b|h1)\b/g), null);
    const pictures = [...html.matchAll(/<img [^>]*src="([^"]*)"/g)].map(([, source = '']) => source);
    assert.ok(
      pictures.every((source) => source.startsWith('data:image/svg+xml')),
      pictures.join('\n'),
    );
  });

  it('gets no icon into a lens and no line break or reordering into a problem', async () => {
    for (const title of await lensTitles(document.uri)) {
      assert.doesNotMatch(title, /\$\((?!pass|error\) Wrong)|[\n\u202e\u2066]/);
    }
    const [problem] = await eventually(
      () => vscode.languages.getDiagnostics(document.uri),
      (found) => found.length > 0,
      { what: 'a problem' },
    );
    assert.doesNotMatch(problem?.message ?? '', /[\n\u202e\u2066]/);
  });

  it('is written out as plain text that is not reordered', async () => {
    await vscode.commands.executeCommand('steplens.openReadableView', {
      uri: document.uri.toString(),
      trace: 0,
    });
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /<script>alert\(1\)<\/script>/);
    assert.doesNotMatch(text, /[\u202e\u2066]/);
  });

  it('pollutes nothing', () => {
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('with a step of a megabyte is read, shown, and refused by the model with a reason', async () => {
    const step = `${'A long step that says nothing new. '.repeat(30_000)}The end.`;
    const record = { id: 'long', question: 'Q?', steps: ['Short.', step], answer: '3' };
    const long = (await showNew('long.jsonl', `${JSON.stringify(record)}\n`)).document;
    await readTraces(long.uri);
    await vscode.commands.executeCommand('steplens.scoreTrace', { uri: long.uri.toString(), trace: 0 });
    const [trace] = (await steplens()).traces(long.uri) ?? [];
    assert.equal(trace?.state, 'failed');
    const [first] = await lensTitles(long.uri, 0);
    assert.match(first ?? '', /Not scored: step 2 needs a context of \d+ tokens/);
  });
});
