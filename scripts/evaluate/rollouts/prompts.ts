/**
 * npx tsx scripts/evaluate/rollouts/prompts.ts [FILE] [COUNT] > prompts.jsonl
 *
 * What rollouts go on from: every prefix of the first traces in the evaluation's order, a random sample, as the bundled model's
 * token ids: the question in its chat template, as a model made for chats completes plain text badly, and the steps as what the
 * assistant has said. sample.py, beside this file, samples them; `npm run evaluate` then has rows of Monte Carlo and PAV.
 */
import { asMessage, renderTemplate } from '../../../src/cpmi/templates';
import { contextOf } from '../../../test/bench/speed/rollouts';
import { DEFAULT_FILE, tokeniser } from '../../../test/bench/speed/workload';
import { readSubjects } from '../subjects';

async function main([file = DEFAULT_FILE, count = '40']: string[]): Promise<void> {
  const tokenise = await tokeniser();
  const { subjects } = await readSubjects(file, Number(count));
  for (const { id, trajectory } of subjects) {
    const asked = asMessage(renderTemplate(0, trajectory.question.text));
    for (let prefix = 0; prefix <= trajectory.steps.length; prefix++) {
      const [request] = tokenise([{ context: contextOf(asked, trajectory, prefix), target: '' }]);
      console.log(JSON.stringify({ id, prefix, tokens: request?.context }));
    }
  }
}

void main(process.argv.slice(2));
