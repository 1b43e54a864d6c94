import type { JsonNode, JsonObject } from '../json';
import { isMessageList, orReason } from './chat';
import { readExchanges } from './chat/exchanges';
import { readTurns, type Turn } from './chat/turn';
import type { ReadResult, TraceFormat } from './format';
import { detectObjects } from './support';

/** What mini-swe-agent's messages show: its fenced commands, and what it answers to them. */
const SIGNS = /```mswea_bash_command|^<returncode>|<format_example>|COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT/m;

/**
 * mini-swe-agent trajectories (`.traj.json`): one list of messages, or an object with `messages`, `info` and
 * `trajectory_format`. The agent speaks as the assistant, and the environment answers as the user or a tool; the first
 * message of the user states the task.
 */
export const miniSweAgent: TraceFormat = {
  id: 'mini-swe-agent',
  label: 'mini-swe-agent trajectory',
  documentation: 'mini-swe-agent documentation, "Output files"',
  reads: 'json',
  wholeArray: isMessageList,
  detect(sample) {
    if (isMessageList(sample)) {
      const signs = sample.records.some(
        (record) => record.kind === 'object' && SIGNS.test(contentOf(record)),
      );
      return signs ? { confidence: 0.95, reason: 'messages with mini-swe-agent commands' } : undefined;
    }
    return detectObjects(sample, 0.96, 'messages in the mini-swe-agent trajectory format', (record) =>
      Boolean(
        record.array('messages') &&
          (record.string('trajectory_format')?.text.startsWith('mini-swe-agent') ||
            record.object('info')?.has('mini_version')),
      ),
    );
  },
  *read({ node }, context): Iterable<ReadResult> {
    const turns = turnsOf(node);
    const id = node?.kind === 'object' ? node.string('instance_id')?.text : undefined;
    const drafts = readExchanges(turns, context, { oneTask: true });
    yield* orReason(drafts.map((draft) => (id === undefined ? draft : { ...draft, id })));
  },
};

function contentOf(message: JsonObject): string {
  return message.string('content')?.text ?? '';
}

function turnsOf(node: JsonNode | undefined): Turn[] {
  const messages =
    node?.kind === 'array' ? node : node?.kind === 'object' ? node.array('messages') : undefined;
  return messages ? readTurns(messages.items) : [];
}
