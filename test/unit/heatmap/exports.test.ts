import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml, SvgPen } from '../../../src/heatmap/drawing/svg-pen';
import { csvOf, shortest } from '../../../src/heatmap/exports/csv';
import { anyRows, row, storeOf } from './batches';

const csv = (rows: Parameters<typeof storeOf>[0]): string => {
  const store = storeOf(rows);
  return [
    ...csvOf(
      store,
      Int32Array.from(rows, (_, i) => i),
      Math.fround(-0.2),
    ),
  ].join('');
};

/** A plain reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (const [, quoted, plain, end] of text.matchAll(pattern)) {
    record.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

describe('csvOf', () => {
  it('writes a line a step', () => {
    expect(
      csv([row([0.42, -0.2, Number.NaN], { id: 'a,b', outcome: 'right' }), row([-0.25], { id: 'c' })]),
    ).toBe(
      [
        'id,line,format,outcome,step,steps,reward,low',
        '"a,b",1,gsm8k,right,1,3,0.42,false',
        '"a,b",1,gsm8k,right,2,3,-0.2,false',
        '"a,b",1,gsm8k,right,3,3,,',
        'c,2,gsm8k,unknown,1,1,-0.25,true',
        '',
      ].join('\r\n'),
    );
  });

  it('disarms what a spreadsheet would run', () => {
    for (const id of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx']) {
      expect(readCsv(csv([row([0], { id })]))[1]?.[0]).toBe(`'${id}`);
    }
  });

  it('can be read back for any traces', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const [, ...records] = readCsv(csv(rows));
        const expected = rows.flatMap(({ id, rewards }) => rewards.map((reward) => ({ id, reward })));
        expect(records).toHaveLength(expected.length);
        expected.forEach(({ id, reward }, i) => {
          const [readId = '', , , , , , read = ''] = records[i] ?? [];
          expect(/^'[=+\-@\t\r]/.test(readId) && !id.startsWith("'") ? readId.slice(1) : readId).toBe(id);
          if (Number.isNaN(reward)) expect(read).toBe('');
          else expect(Math.fround(Number(read)) === Math.fround(reward)).toBe(true);
        });
      }),
    );
  });
});

describe('shortest', () => {
  it('gives the number back, in no more digits than it takes', () => {
    expect(
      [Math.fround(0.1), Math.fround(-0.42), 0, 1e-30].map((value) => shortest(Math.fround(value))),
    ).toEqual(['0.1', '-0.42', '0', '1e-30']);
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Math.fround(Number(shortest(value))) === value).toBe(true);
      }),
    );
  });
});

describe('SvgPen', () => {
  it('escapes whatever a trace holds', () => {
    expect(escapeXml('<a href="x">&\'')).toBe('&#60;a href=&#34;x&#34;&#62;&#38;&#39;');
    expect(escapeXml('a\u0000b\ud800c\uffff😀')).toBe('a\ufffdb\ufffdc\ufffd😀');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(escapeXml(text))));
  });

  it('writes one element a stroke, balanced', () => {
    const pen = new SvgPen(100, 50, 'A "font"');
    pen.clip(0, 0, 10, 10);
    pen.rect(1, 2, 3.456, 4, '#fff');
    pen.polygon([0, 0, 1, 1, 2, 0], '#000');
    pen.line([0, 0, 5, 5], '#111', 1.5);
    pen.frame(10, 10, 20, 20, '#222', 2);
    pen.unclip();
    pen.text('a very long text', 5, 6, {
      colour: '#333',
      size: 10,
      align: 'right',
      bold: true,
      maxWidth: 40,
    });
    const svg = pen.toString();
    expect(svg).toContain('width="100" height="50"');
    expect(svg).toContain('<rect x="1" y="2" width="3.46" height="4" fill="#fff"/>');
    expect(svg).toContain(
      '<rect x="11" y="11" width="18" height="18" fill="none" stroke="#222" stroke-width="2"/>',
    );
    expect(svg).toContain('text-anchor="end" font-size="10" font-weight="bold" fill="#333">a very…</text>');
    expect(svg.match(/<g /g)).toHaveLength(1);
    expect(svg.match(/<\/g>/g)).toHaveLength(1);
  });
});
