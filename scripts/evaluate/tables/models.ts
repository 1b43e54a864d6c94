import { ANSWER_ESTIMATORS } from '../../../src/cpmi/settings';
import type { ModelId } from '../../../src/likelihood/likelihood-model';
import type { Kept } from '../likelihoods/kept';
import { cpmi, verdict } from '../rewards/reward-of';
import { DEFAULT_VARIANT } from '../rewards/variant';
import type { Subject } from '../subjects';
import { type MeasuredRow, measureRows } from './rewards';

/** What each model that was asked gives, by estimator. The differences are from the model's own default reward. */
export function modelRows(
  models: readonly { readonly id: ModelId; readonly kept: Kept }[],
  subjects: readonly Subject[],
): MeasuredRow[] {
  return models.flatMap(({ id, kept }) => {
    const name = `${id.name} ${id.sha256.slice(0, 6)}`;
    const rows = ANSWER_ESTIMATORS.map((estimator) => ({
      label: `${name}, ${estimator}`,
      of: cpmi({ ...DEFAULT_VARIANT, estimator }),
    }));
    return measureRows([...rows, { label: `${name}, verdict`, of: verdict }], subjects, kept);
  });
}
