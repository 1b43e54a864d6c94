import { type JsonNode, type JsonObject, rawOf } from '../json';
import { joinTexts, type PlacedText } from '../placed';
import type { SourceText } from '../trajectory';
import type { Turn } from './chat/turn';
import type { ReadResult, TraceFormat } from './format';
import { detectObjects } from './support';

/**
 * The Agent Trajectory Interchange Format (ATIF): `schema_version`, `session_id`, `agent`, and `steps` with `source` (user,
 * agent, system), `message`, `reasoning_content`, `tool_calls` (`function_name`, `arguments`) and `observation.results`.
 * A step is a step of the agent; tool results that stand in a system step belong to the agent's step before it.
 */
export const atif: TraceFormat = {
  id: 'atif',
  label: 'ATIF trajectory',
  documentation: 'Harbor: Agent Trajectory Interchange Format (ATIF) specification',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.97, 'an object with schema_version and steps with source and message', (record) =>
      Boolean(record.has('schema_version') && record.array('steps')?.objects()[0]?.has('source')),
    ),
  *read({ node }): Iterable<ReadResult> {
    const list = node?.kind === 'object' ? node.array('steps')?.objects() : undefined;
    if (node?.kind !== 'object' || !list) yield { problem: 'steps with source and message are expected' };
    else yield readSteps(node, list);
  },
};

function readSteps(record: JsonObject, list: readonly JsonObject[]): ReadResult {
  const asked: PlacedText[] = [];
  const steps: { text: SourceText; answers: PlacedText[] }[] = [];
  for (const step of list) {
    const source = step.string('source')?.text;
    const said = textsOf(step.get('message'));
    const results = resultsOf(step);
    if (source === 'agent') {
      const turn = turnOf(step);
      steps.push({
        text: joinTexts([...turn.reasoning, ...said, ...turn.calls], '\n'),
        answers: [...results],
      });
    } else if (steps.length === 0) {
      if (source === 'user') asked.push(...said);
    } else steps.at(-1)?.answers.push(...(results.length > 0 ? results : said));
  }
  const id = record.string('trajectory_id') ?? record.string('session_id');
  return {
    question: joinTexts(asked, '\n\n'),
    steps: steps.map(({ text, answers }) =>
      answers.length === 0 ? { text } : { text, observation: joinTexts(answers, '\n\n') },
    ),
    ...(id && { id: id.text }),
  };
}

/** The step as a message of the assistant: the thought and the calls have the names that chat messages use. */
function turnOf(step: JsonObject): Pick<Turn, 'reasoning' | 'calls'> {
  const reasoning = step.string('reasoning_content');
  const calls = (step.array('tool_calls')?.objects() ?? []).flatMap((call) => {
    const name = call.string('function_name') ?? call.string('name');
    return [...(name ? [name] : []), ...callArguments(call)];
  });
  return { reasoning: reasoning ? [reasoning] : [], calls };
}

function callArguments(call: JsonObject): PlacedText[] {
  const values = call.get('arguments');
  if (values?.kind === 'string') return [values];
  return values?.kind === 'object' && values.keys.length > 0 ? [rawOf(values)] : [];
}

function resultsOf(step: JsonObject): PlacedText[] {
  const observation = step.object('observation');
  const results = observation?.array('results')?.objects() ?? (observation ? [observation] : []);
  return results.flatMap((result) => textsOf(result.get('content')));
}

/** A message or result: a string, or a list of parts. */
function textsOf(node: JsonNode | undefined): PlacedText[] {
  if (node?.kind === 'string') return node.text.trim() === '' ? [] : [node];
  if (node?.kind !== 'array') return [];
  return node.items.flatMap((part) => (part.kind === 'object' ? textsOf(part.get('text')) : textsOf(part)));
}
