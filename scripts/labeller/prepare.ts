import { createWriteStream } from 'node:fs';
import { prepare } from '../../src/cpmi/score-trajectory';
import { DEFAULT_SETTINGS } from '../../src/cpmi/settings';
import type { Text } from '../../src/likelihood/likelihood-model';
import { readTrajectories } from '../../src/trajectory';
import { withSiblings } from '../../src/trajectory/siblings';

/**
 * Writes what the product asks of a model about labelled traces, so that training can look at them as it goes:
 * one object a line with `question` (the rendered template), `steps` (as appended, '' where nothing is left of one),
 * `targets` (the gold answer's first) and `firstError`. Usage: prepare.ts IN OUT
 */
async function main([from = '', to = '']: string[]): Promise<void> {
  const out = createWriteStream(to);
  for await (const item of withSiblings(readTrajectories({ path: from }))) {
    if ('problem' in item || item.trajectory.firstError === undefined) continue;
    const { trajectory, siblings } = item;
    const settings = { ...DEFAULT_SETTINGS, estimator: 'marginal', templates: 1 } as const;
    const { plan } = prepare(trajectory, settings, { siblings });
    const contexts = plan.requests
      .filter((_, i) => i % plan.answers === 0)
      .map(({ context }) => pieces(context));
    out.write(
      `${JSON.stringify({
        id: trajectory.id,
        task: trajectory.task ?? '',
        firstError: trajectory.firstError,
        question: contexts[0]?.[0],
        steps: plan.steps.map(({ after }) => (contexts[after]?.length === 4 ? contexts[after]?.[1] : '')),
        targets: plan.requests.slice(0, plan.answers).map(({ target }) => target),
      })}\n`,
    );
  }
  out.end();
}

function pieces(text: Text): string[] {
  return [...(text.before ? pieces(text.before) : []), text.piece];
}

void main(process.argv.slice(2));
