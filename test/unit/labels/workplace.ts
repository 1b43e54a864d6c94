import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import type { LabelRecord, LabelTask } from '../../../src/labels';
import { StubModel } from './stub-model';

/** A temporary folder with a trace file of `traces` traces, some of them broken in known ways. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'steplens-labels-'));
  readonly source = join(this.folder, 'traces.jsonl');
  readonly out = join(this.folder, 'traces.cpmi.jsonl');

  constructor(traces = 12) {
    writeFileSync(this.source, traceLines(traces));
  }

  task(over: Partial<LabelTask> = {}): LabelTask {
    const settings = { ...DEFAULT_SETTINGS, templates: 1, negatives: 2 };
    return { source: this.source, model: new StubModel(), settings, ...over };
  }
  records(path = this.out): LabelRecord[] {
    return readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LabelRecord);
  }
  bytes(path = this.out): string {
    return readFileSync(path, 'latin1');
  }
  files(): string[] {
    return readdirSync(this.folder).sort();
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Trace 5 is no JSON, trace 7 has no answer to score against. */
export function traceLines(traces: number): string {
  const lines = Array.from({ length: traces }, (_, i) => {
    if (i === 5) return '{"question": "torn';
    if (i === 7) return JSON.stringify({ id: 't7', question: 'Why?', steps: ['Because.'] });
    const steps = Array.from(
      { length: 2 + (i % 3) },
      (_, k) => `Step ${k} of trace ${i}: ${i} + ${k} = ${i + k} ✓`,
    );
    const known = i % 2 ? { first_error: (i % 3) - 1, task: 'sums' } : {};
    return JSON.stringify({
      id: `t${i}`,
      question: `What is ${i} + 2?`,
      steps,
      answer: String(i + 2),
      ...known,
    });
  });
  return `${lines.join('\n')}\n`;
}
