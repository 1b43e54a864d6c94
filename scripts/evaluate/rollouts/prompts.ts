/**
 * npx tsx scripts/evaluate/rollouts/prompts.ts [FILE] [COUNT] > prompts.jsonl
 *
 * What rollouts go on from: every prefix of the first traces in the evaluation's order, a random sample, as the bundled model's
 * token ids: the question in its chat template, as a model made for chats completes plain text badly, and the steps as what the
 * assistant has said. sample.py, beside this file, samples them; `npm run evaluate` then has rows of Monte Carlo and PAV.
 */
import { asMessage, beforeTarget, paragraph, renderTemplate } from '../../../src/cpmi/templates';
import type { Text } from '../../../src/likelihood/likelihood-model';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import type { Trajectory } from '../../../src/trajectory';
import { DEFAULT_FILE, MODEL } from '../../../test/bench/speed/workload';
import { readSubjects } from '../subjects';

/** The question as the user's message and so many steps as the beginning of the answer. */
function prefixOf({ question, steps }: Trajectory, count: number): Text {
  const asked = asMessage(renderTemplate(0, question.text));
  return beforeTarget(steps.slice(0, count).reduce<Text>((text, step) => paragraph(text, step.text), asked));
}

async function main([file = DEFAULT_FILE, count = '40']: string[]): Promise<void> {
  const { encode } = await loadTokenizer(MODEL);
  const tokens = ({ before, piece, frame }: Text): number[] => [
    ...(before ? tokens(before) : []),
    ...encode(piece, frame),
  ];
  const { subjects } = await readSubjects(file, Number(count));
  for (const { id, trajectory } of subjects) {
    for (let prefix = 0; prefix <= trajectory.steps.length; prefix++) {
      console.log(JSON.stringify({ id, prefix, tokens: tokens(prefixOf(trajectory, prefix)) }));
    }
  }
}

void main(process.argv.slice(2));
