import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import pc from 'picocolors';
import type { TestEvent } from './test-events';

/** Prints tests as they end and counts them. Shared by both launchers and the UI scenarios. */
export class TestReport {
  private passed = 0;
  private failed = 0;
  private skipped = 0;
  private ended = false;

  take(event: TestEvent): void {
    switch (event.type) {
      case 'passed':
        this.passed += 1;
        console.log(`  ${pc.green('ok')}   ${event.title} ${pc.dim(`(${Math.round(event.ms)} ms)`)}`);
        break;
      case 'skipped':
        this.skipped += 1;
        console.log(`  ${pc.yellow('skip')} ${event.title}`);
        break;
      case 'failed':
        this.failed += 1;
        console.log(`  ${pc.red('FAIL')} ${event.title} ${pc.dim(`(${Math.round(event.ms)} ms)`)}`);
        console.log(event.error.replaceAll(/^/gm, '       '));
        break;
      case 'ended':
        this.ended = true;
    }
  }

  /** Counts as a failure: nothing ran, or the suite never came to its end. */
  get complete(): boolean {
    return this.ended && this.passed + this.failed + this.skipped > 0;
  }

  get succeeded(): boolean {
    return this.complete && this.failed === 0;
  }

  /** The closing line: `N passed, N failed`, and `, N skipped` where some were. */
  summary(): string {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    return `${this.passed} passed, ${this.failed} failed${skipped}`;
  }
}

/** Follows a file of events while a suite writes it. */
export class EventFile {
  private offset = 0;
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');

  constructor(
    private readonly file: string,
    private readonly take: (event: TestEvent) => void,
  ) {}

  /** Takes what has been written since the last call. */
  async poll(): Promise<void> {
    const handle = await open(this.file, 'r').catch(() => undefined);
    if (!handle) {
      return; // nothing reported yet
    }
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(size - this.offset);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.offset);
      this.offset += bytesRead;
      const lines = (this.rest + this.decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) {
        this.take(JSON.parse(line));
      }
    } finally {
      await handle.close();
    }
  }
}
