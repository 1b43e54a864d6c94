import type { Outcome } from './contestant';
import { type Entry, OURS } from './entries';
import type { Contestants } from './processes';
import { mean } from './statistics';

/** What one entry did in one round. */
export interface Run {
  readonly entry: Entry;
  readonly traces: readonly number[];
  readonly outcome: Outcome;
  /** Seconds a trace that ours took for the same traces in the same round. */
  readonly ours: number;
}

export interface Plan {
  readonly file: string;
  readonly entries: readonly Entry[];
  /** The traces of each round, the one for slow contestants first. */
  readonly rounds: readonly (readonly number[])[];
}

/**
 * Runs all contestants in turn, round after round, so that a machine that grows slow or warm is so for all of them.
 * @param minutes no round begins later
 * @param say is told of each run, and of a contestant that failed and is left out from then on
 */
export async function measureRounds(
  contestants: Contestants,
  plan: Plan,
  say: (line: string) => void,
  minutes = Number.POSITIVE_INFINITY,
): Promise<Run[]> {
  const { file, entries, rounds } = plan;
  const runs: Run[] = [];
  const failed = new Set<string>();
  await warmUp(contestants, plan, failed, say);
  const started = performance.now();
  for (const [number, traces] of rounds.entries()) {
    if (performance.now() - started > minutes * 60_000) break;
    const ours = new Map<number, number>();
    for (const entry of entries) {
      if (failed.has(entry.script)) continue;
      const asked = entry.whole ? traces : traces.slice(0, 1);
      try {
        const outcome = await contestants.ask(entry.script, { file, traces: asked, way: entry.way });
        if (entry.name === OURS) {
          for (const [i, trace] of asked.entries()) ours.set(trace, outcome.seconds[i] ?? Number.NaN);
        }
        const same = mean(asked.map((trace) => ours.get(trace) ?? Number.NaN));
        runs.push({ entry, traces: asked, outcome, ours: same });
        say(
          `round ${number + 1} of ${rounds.length}: ${entry.name}: ${mean(outcome.seconds).toFixed(2)} s a trace`,
        );
      } catch (error) {
        failed.add(entry.script);
        say(`${entry.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return runs;
}

/** Loading and first runs are not what is compared: the fast contestants score one trace first, untimed. */
async function warmUp(
  contestants: Contestants,
  { file, entries, rounds: [first] }: Plan,
  failed: Set<string>,
  say: (line: string) => void,
): Promise<void> {
  for (const { script, way, whole, name } of entries) {
    if (failed.has(script) || (!whole && script !== 'ours-fp32')) continue;
    await contestants.ask(script, { file, traces: first?.slice(0, 1) ?? [], way }).catch((error: unknown) => {
      failed.add(script);
      say(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
