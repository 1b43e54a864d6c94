import type { JsonObject } from '../../json';
import type { PlacedText } from '../../placed';
import { firstText } from '../support';

/** The right answer beside a conversation or a response, under the names that data sets use for it. */
export function goldOf(record: JsonObject): PlacedText | undefined {
  const plain = firstText(
    record,
    'answer',
    'gold_answer',
    'gold',
    'ground_truth',
    'ground_truth_answer',
    'reference_answer',
    'expected_answer',
    'correct_answer',
    'target',
  );
  if (plain) return plain;
  const target = record.object('ground_truth')?.get('target') ?? record.get('target');
  if (target?.kind === 'string' || target?.kind === 'number') return target;
  const first = target?.kind === 'array' ? target.items[0] : undefined;
  return first?.kind === 'string' || first?.kind === 'number' ? first : undefined;
}
