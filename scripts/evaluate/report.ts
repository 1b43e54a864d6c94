import { basename } from 'node:path';
import { ANSWER_ESTIMATORS, type AnswerEstimator } from '../../src/cpmi/settings';
import type { ModelId } from '../../src/likelihood/likelihood-model';
import { Kept } from './likelihoods/kept';
import type { LikelihoodStore } from './likelihoods/store';
import { lowestByChance } from './measures/first-error';
import { cpmi, scoreAll } from './rewards/reward-of';
import { DEFAULT_VARIANT } from './rewards/variant';
import { rolloutTables } from './rollouts/table';
import { type Search, search } from './search/search';
import type { Subject } from './subjects';
import { featureTable } from './tables/features';
import { markdown, type Table } from './tables/markdown';
import { markedTable } from './tables/marked';
import { modelRows } from './tables/models';
import { outcomeTable } from './tables/outcome';
import { aucTable, CPMI_AND_PMI_ROWS, firstErrorTable, measureRows, settingRows } from './tables/rewards';

/** What is reported on. */
export interface Evaluated {
  readonly file: string;
  readonly subjects: readonly Subject[];
  readonly leftOut: number;
  readonly models: readonly { readonly id: ModelId; readonly kept: Kept }[];
  /** The model of the tables that speak of one. */
  readonly model: ModelId;
  readonly kept: Kept;
}

/** Finds the model among those that were asked. */
export function evaluated(
  about: Omit<Evaluated, 'models' | 'kept'>,
  stores: readonly LikelihoodStore[],
): Evaluated {
  const models = stores.map((store) => ({ id: store.model, kept: new Kept(store) }));
  const kept = models.find(({ id }) => id.sha256 === about.model.sha256)?.kept;
  if (!kept) throw new RangeError(`nothing is kept of ${about.model.name}`);
  return { ...about, models, kept };
}

export interface Report {
  readonly intro: string;
  readonly tables: readonly Table[];
  readonly search?: Search;
}

/** All tables of an evaluation. */
export function report({ file, subjects, leftOut, models, kept }: Evaluated): Report {
  const traces = scoreAll(subjects, kept, cpmi(DEFAULT_VARIANT));
  const faulty = subjects.filter(({ firstError }) => firstError >= 0).length;
  const found = search(subjects, kept);
  const estimators = measureRows(CPMI_AND_PMI_ROWS, subjects, kept);
  const compared = modelRows(models, subjects);
  const settings = (estimator: AnswerEstimator) => {
    const rows = measureRows(settingRows(estimator), subjects, kept);
    return aucTable(`settings ${estimator}`, `Step AUC of ${estimator} with one setting changed`, rows);
  };
  return {
    intro:
      `${subjects.length} labelled traces of ${basename(file)}, ${faulty} with an error; ${leftOut} records left out. ` +
      `A step picked at random is the first error of a faulty trace in ${(lowestByChance(traces) * 100).toFixed(0)} %.`,
    tables: [
      aucTable('estimators', 'Step AUC by estimator, CPMI and PMI', estimators),
      firstErrorTable('first errors', 'First errors by estimator, CPMI and PMI', estimators),
      markedTable(subjects, kept),
      featureTable(traces),
      outcomeTable(subjects, kept),
      ...rolloutTables(file, subjects, kept),
      ...ANSWER_ESTIMATORS.map(settings),
      aucTable('models', 'Step AUC by model, K = 1', compared),
      firstErrorTable('models first errors', 'First errors by model, K = 1', compared),
      ...(found?.tables ?? []),
    ],
    ...(found ? { search: found } : {}),
  };
}

/** The report as Markdown. */
export function reportText({ intro, tables, search: found }: Report): string {
  const parts = tables.map((table) => `${table.title}\n\n${markdown(table)}`);
  return [intro, ...parts, ...(found ? [splitText(found)] : [])].join('\n\n');
}

/** What choosing the best of all that was tried is worth. */
export function splitText({ split, tried, traces }: Search): string {
  const value = ({ value: v, low, high }: Search['split']['gain'], sign = '') =>
    `${sign && (v ?? 0) > 0 ? sign : ''}${v?.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}]`;
  const picks = split.picks.slice(0, 5).map(({ name, share }) => `${name} ${(share * 100).toFixed(0)} %`);
  return (
    `${tried} rewards were tried on ${traces} traces. Chosen on one half and measured on the other (${split.rounds} random ` +
    `halves): ${value(split.chosen)}, the default ${value(split.reference)}, gain ${value(split.gain, '+')}. ` +
    `Chosen most often: ${picks.join(', ')}.`
  );
}
