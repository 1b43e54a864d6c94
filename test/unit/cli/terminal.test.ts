import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { renderFound } from '../../../src/cli/render-found';
import { oneLine, printable } from '../../../src/cli/terminal';
import { reportProblem } from '../../../src/cli/traces';
import { readText } from '../trajectory/support';

/** All that a terminal could take for a command: control characters but tab and line feed, and direction overrides. */
const HARMFUL = /[\p{Control}\u202a-\u202e\u2066-\u2069]/u;
const harmful = (text: string) => HARMFUL.test(text.replace(/[\t\n]/g, ''));

const attack = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '\u001b',
          '\u009b',
          '[2J',
          '[31m',
          ']0;title',
          '\u0007',
          ']8;;x',
          '\u001b\\',
          '\r',
          '\n',
          '\b',
          '\0',
          '\u202e',
        ],
        ...['P', 'X', '^', '_', '\u0090', '\u009d', '\u2066', 'a'],
      ),
    )
    .map((parts) => parts.join('')),
);

describe('text of a trace on a terminal', () => {
  it('holds nothing that a terminal obeys, whatever the text', () => {
    fc.assert(
      fc.property(attack, (text) => {
        expect(harmful(printable(text))).toBe(false);
        expect(oneLine(text)).not.toMatch(/[\n\t]/);
      }),
      { numRuns: 2000 },
    );
    expect(printable('plain é 数 text\n\tand more')).toBe('plain é 数 text\n\tand more');
  });

  it('holds nothing of that in what is said of a file, its name, its fields or its first trace', async () => {
    await fc.assert(
      fc.asyncProperty(attack, attack, async (a, b) => {
        const record = {
          id: a,
          task: b,
          question: `q${a}`,
          steps: [`s${b}`, 't'],
          answer: a,
          negatives: [b],
        };
        const { trajectories } = await readText(`${JSON.stringify(record)}\n`);
        const [trace = null] = trajectories;
        const said = { id: 'normalised', label: 'x', confidence: 1, reason: a };
        const found = { file: b, formats: [said], format: 'normalised', trace, problems: [] };
        expect(harmful(renderFound(found, { color: false, width: 80 }))).toBe(false);
        const { problems } = await readText(JSON.stringify({ [`${a}x`]: 1 }));
        const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
        for (const problem of problems) reportProblem(b, problem);
        const lines = written.mock.calls.map(([text]) => String(text));
        written.mockRestore();
        expect(lines).toHaveLength(1);
        expect(harmful(lines.join(''))).toBe(false);
        expect(lines[0]?.trimEnd()).not.toContain('\n');
      }),
    );
  });
});
