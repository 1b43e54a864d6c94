import type { JsonNode, JsonObject } from '../json';
import { conversationOf, type TracedCall } from './chat/calls';
import { readExchanges } from './chat/exchanges';
import { timeOf, turnsIn } from './chat/payload';
import type { FormatSample, ReadResult, TraceFormat } from './format';
import { detectObjects } from './support';

/**
 * LangSmith runs: a run (`run_type`, `inputs`, `outputs`, `trace_id`, `child_runs`), a list of runs, or a batch as its
 * clients send it, `post` and `patch`, where a patch adds the outputs to a run posted before. Runs of type `llm` and
 * `chat_model` are calls of the model, runs of type `tool` calls of a tool.
 */
export const langsmith: TraceFormat = {
  id: 'langsmith',
  label: 'LangSmith runs',
  documentation: 'LangSmith documentation, "Run (span) data format"',
  reads: 'json',
  wholeArray: (sample: FormatSample) => sample.shape === 'array',
  detect: (sample) =>
    detectObjects(sample, 0.95, 'LangSmith runs with inputs and outputs', (record) =>
      runsIn(record).some((run) => run.has('run_type') && run.has('inputs')),
    ),
  *read({ node }, context): Iterable<ReadResult> {
    const traces = node ? groupByTrace(node) : new Map<string, Run[]>();
    if (traces.size === 0) yield { problem: 'runs with inputs and outputs are expected' };
    for (const [id, runs] of traces) {
      const drafts = readExchanges(conversationOf(runs.flatMap(callOf)), context);
      if (drafts.length === 0) yield { problem: `trace ${id}: no run holds a message of the model` };
      for (const [index, draft] of drafts.entries()) {
        yield { ...draft, id: index === 0 ? id : `${id}/${index + 1}` };
      }
    }
  },
};

/** A run, with what a patch has added. */
interface Run {
  readonly key: string;
  readonly trace: string;
  readonly type: string;
  readonly time: number;
  readonly inputs?: JsonNode;
  readonly outputs?: JsonNode;
}

/** The runs in a value, those within runs included, in the order of the file. Without recursion. */
function runsIn(node: JsonNode): JsonObject[] {
  const found: JsonObject[] = [];
  const open: JsonNode[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'array') open.push(...next.items.toReversed());
    if (next.kind !== 'object') continue;
    if (next.has('inputs') || next.has('outputs')) found.push(next);
    for (const key of ['runs', 'child_runs', 'patch', 'post']) {
      const inner = next.array(key);
      if (inner) open.push(inner);
    }
  }
  return found;
}

function groupByTrace(node: JsonNode): Map<string, Run[]> {
  const runs = new Map<string, Run>();
  for (const object of runsIn(node)) {
    const run = runOf(object, runs.size);
    const known = runs.get(run.key);
    runs.set(run.key, known ? merge(known, run) : run);
  }
  const traces = new Map<string, Run[]>();
  for (const run of runs.values()) {
    const others = traces.get(run.trace);
    if (others) others.push(run);
    else traces.set(run.trace, [run]);
  }
  return traces;
}

function runOf(object: JsonObject, order: number): Run {
  const trace = object.string('trace_id')?.text;
  // Patches of the JavaScript client carry no id; the dotted order ends in it.
  const key = object.string('id')?.text ?? object.string('dotted_order')?.text.slice(-36) ?? `#${order}`;
  const inputs = filled(object.get('inputs'));
  const outputs = filled(object.get('outputs'));
  return {
    key,
    trace: trace ?? key,
    type: object.string('run_type')?.text ?? '',
    time: timeOf(object.get('start_time')),
    ...(inputs && { inputs }),
    ...(outputs && { outputs }),
  };
}

function filled(node: JsonNode | undefined): JsonNode | undefined {
  return node?.kind === 'object' && node.keys.length === 0 ? undefined : node;
}

function merge(posted: Run, patch: Run): Run {
  return { ...posted, ...patch, type: posted.type || patch.type, time: posted.time || patch.time };
}

function callOf(run: Run): TracedCall[] {
  const { time } = run;
  if (run.type === 'tool') return [{ kind: 'tool', time, input: [], output: turnsIn(run.outputs, 'tool') }];
  if (run.type !== 'llm' && run.type !== 'chat_model') return [];
  return [
    { kind: 'model', time, input: turnsIn(run.inputs, 'user'), output: turnsIn(run.outputs, 'assistant') },
  ];
}
