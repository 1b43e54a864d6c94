import { basename } from 'node:path';
import type { ModelId } from '../../src/likelihood/likelihood-model';
import { Kept } from './likelihoods/kept';
import type { LikelihoodStore } from './likelihoods/store';
import type { Subject } from './subjects';
import { markdown, type Table } from './tables/markdown';
import { modelTable } from './tables/models';
import { ESTIMATOR_ROWS, measureRows, rewardTable, settingRows } from './tables/rewards';

/** What is reported on. */
export interface Evaluated {
  readonly file: string;
  readonly subjects: readonly Subject[];
  readonly leftOut: number;
  /** The model of the tables that speak of one. */
  readonly model: ModelId;
  readonly stores: readonly LikelihoodStore[];
}

export interface Report {
  readonly text: string;
  readonly json: object;
}

/** All tables of an evaluation. */
export function report({ file, subjects, leftOut, model, stores }: Evaluated): Report {
  const models = stores.map((store) => ({ id: store.model, kept: new Kept(store) }));
  const kept = models.find(({ id }) => id.sha256 === model.sha256)?.kept;
  if (!kept) throw new RangeError(`nothing is kept of ${model.name}`);
  const rows = (name: string, title: string, wanted: Parameters<typeof measureRows>[0]) =>
    rewardTable(name, title, measureRows(wanted, subjects, kept));
  const tables: Table[] = [
    rows('estimators', 'Every estimator, CPMI and PMI', ESTIMATOR_ROWS),
    rows('settings', 'The default with one setting changed', settingRows('marginal')),
    modelTable(models, subjects),
  ];
  const faulty = subjects.filter(({ firstError }) => firstError >= 0).length;
  const intro = `${subjects.length} labelled traces of ${basename(file)}, ${faulty} with an error; ${leftOut} records left out.`;
  const text = tables.map((table) => `${table.title}\n\n${markdown(table)}`);
  return {
    text: [intro, ...text].join('\n\n'),
    json: { file, model, traces: subjects.length, faulty, leftOut, tables },
  };
}
