import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { TraceChange } from '../document/trace-document';
import type { Memory } from '../scoring/model-host';
import type { Surfaces } from '../surfaces';
import type { Targets } from '../targets';

const KEY = 'steplens.hiddenSteps';
const MOST = 2000;

/** Steps whose problem a person has hidden; remembered for the workspace, by the trace's content. */
export class HiddenSteps extends Disposable {
  private readonly hidden: Map<string, ReadonlySet<number>>;

  constructor(
    commands: CommandRegistry,
    targets: Targets,
    surfaces: Surfaces,
    private readonly memory: Memory,
  ) {
    super();
    this.hidden = read(memory);
    commands.register({
      'steplens.hideStep': async (target) => {
        const { document, trace, step } = await targets.step(target);
        await this.hide(trace, step);
        document.touch([trace]);
      },
      'steplens.showHiddenSteps': async () => {
        const document = await targets.file();
        const traces = document.traces.filter((trace) => trace.hidden.size > 0);
        await this.show(traces);
        document.touch(traces);
      },
    });
    this._register(surfaces.onDidChange((change) => this.mark(change)));
  }

  private mark({ kind, traces }: TraceChange): void {
    if (kind !== 'content') return;
    for (const trace of traces) trace.hidden = this.hidden.get(trace.contentKey) ?? NONE;
  }

  private async hide(trace: Trace, step: number): Promise<void> {
    trace.hidden = new Set([...trace.hidden, step]);
    this.hidden.delete(trace.contentKey); // the newest stand last
    this.hidden.set(trace.contentKey, trace.hidden);
    await this.keep();
  }

  private async show(traces: readonly Trace[]): Promise<void> {
    for (const trace of traces) {
      trace.hidden = NONE;
      this.hidden.delete(trace.contentKey);
    }
    await this.keep();
  }

  private async keep(): Promise<void> {
    const kept = [...this.hidden].slice(-MOST).map(([key, steps]) => [key, [...steps]]);
    await this.memory.update(KEY, kept);
  }
}

const NONE: ReadonlySet<number> = new Set();

function read(memory: Memory): Map<string, ReadonlySet<number>> {
  const stored = memory.get<unknown>(KEY);
  if (!Array.isArray(stored)) return new Map();
  return new Map(
    stored.flatMap((entry): [string, ReadonlySet<number>][] => {
      const [key, steps] = Array.isArray(entry) ? entry : [];
      if (typeof key !== 'string' || !Array.isArray(steps)) return [];
      return [[key, new Set(steps.filter((step) => typeof step === 'number'))]];
    }),
  );
}
