import type { JsonObject } from '../json';
import { joinTexts, type PlacedText } from '../placed';
import { readTurn } from './chat/turn';
import type { ReadResult, StepDraft, TraceFormat } from './format';
import { detectObjects, NO_QUESTION } from './support';

/**
 * SWE-agent trajectories (`.traj`): `trajectory`, a list of `thought`, `action`, `observation`, `response`; `history`, the
 * messages, whose first one of the user states the task; `info`. Demonstrations have `history` only, with `thought` and
 * `action` on the agent's messages. A step is a thought and its action.
 */
export const sweAgent: TraceFormat = {
  id: 'swe-agent',
  label: 'SWE-agent trajectory',
  documentation: 'SWE-agent documentation, "Output files" (trajectories)',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.97, 'an object with a trajectory or history of thoughts and actions', (record) =>
      Boolean(turnsOf(record)[0]),
    ),
  *read({ node }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const turns = record ? turnsOf(record) : [];
    if (!record || turns.length === 0) {
      yield { problem: 'a trajectory, or a history with thought and action, is expected' };
      return;
    }
    const id = record.object('replay_config')?.object('problem_statement')?.string('id')?.text;
    yield {
      question: taskOf(record) ?? NO_QUESTION,
      steps: record.array('trajectory') ? turns.map(trajectoryStep) : historySteps(record, turns),
      ...(id !== undefined && { id }),
    };
  },
};

/** The agent's turns: entries of the trajectory, else the messages of the history that carry an action. */
function turnsOf(record: JsonObject): JsonObject[] {
  const trajectory = record.array('trajectory')?.objects() ?? [];
  const turns =
    trajectory.length > 0 ? trajectory : historyOf(record).filter((message) => message.has('role'));
  return turns.filter((turn) => turn.has('action') && (turn.has('thought') || turn.has('response')));
}

/** The messages of this task, without those of demonstrations. */
function historyOf(record: JsonObject): JsonObject[] {
  const messages = record.array('history')?.objects() ?? [];
  return messages.filter((message) => message.boolean('is_demo') !== true);
}

function taskOf(record: JsonObject): PlacedText | undefined {
  for (const message of historyOf(record)) {
    const turn = readTurn(message);
    if (turn?.role === 'user') return turn.content[0];
  }
  return undefined;
}

function trajectoryStep(turn: JsonObject): StepDraft {
  const observation = turn.string('observation');
  return { text: thoughtAndAction(turn), ...(observation && { observation }) };
}

/** In the history the answer to an action is the next message. */
function historySteps(record: JsonObject, turns: readonly JsonObject[]): StepDraft[] {
  const messages = historyOf(record);
  const after = new Map(messages.map((message, index) => [message, messages[index + 1]]));
  return turns.map((turn) => {
    const next = after.get(turn);
    const answer = next && readTurn(next);
    const observation = answer && answer.role !== 'assistant' ? joinTexts(answer.content, '\n\n') : undefined;
    return { text: thoughtAndAction(turn), ...(observation && { observation }) };
  });
}

/** `thought` and `action`; `response` holds both where there is no thought of its own. */
function thoughtAndAction(turn: JsonObject) {
  const thought = turn.string('thought');
  const action = turn.string('action');
  if (!thought?.text.trim()) {
    const response = turn.string('response');
    if (response?.text.trim()) return response;
  }
  return joinTexts(
    [thought, action].filter((part) => part !== undefined),
    '\n',
  );
}
