import { createHash } from 'node:crypto';
import type { CpmiSettings } from '../../cpmi/settings';
import type { ModelId } from '../../likelihood/likelihood-model';
import type { Trace } from '../document/trace';

/** Raised when the method or the stored form changes, so that rewards of an older version are not taken for current. */
const VERSION = 3;

/** Names everything that decides a trace's rewards. Equal keys: equal rewards. */
export function cacheKey(
  trace: Pick<Trace, 'contentKey' | 'givenGold'>,
  model: ModelId,
  settings: CpmiSettings,
  overflow: string,
): string {
  const { estimator, templates, templatePosition, negatives, negativeWeight, seed, chat } = settings;
  // The runtimes' scores are not the same bits, and in 8 bits now and then not the same by a tenth of a nat.
  const by = [model.sha256, model.runtime ?? null];
  const parts = [VERSION, trace.contentKey, trace.givenGold ?? null, by, overflow];
  const method = [
    estimator,
    templates,
    templatePosition,
    negatives,
    negativeWeight,
    seed,
    ...(chat ? ['chat'] : []),
  ];
  return createHash('sha256')
    .update(JSON.stringify([parts, method]))
    .digest('hex');
}
