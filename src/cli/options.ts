import { type Command, Option } from 'commander';
import {
  type CpmiSettings,
  DEFAULT_SETTINGS,
  ESTIMATORS,
  type Estimator,
  TEMPLATE_POSITIONS,
  type TemplatePosition,
} from '../cpmi/settings';
import { MAX_TEMPLATES } from '../cpmi/templates';
import { number, whole } from './numbers';
import { addReadingOptions, type ReadingOptions } from './reading';
import { addServerOptions, type ServerCliOptions } from './server';

/** Options of every subcommand that runs the model. */
export interface ScoringOptions extends ReadingOptions, ServerCliOptions {
  readonly estimator: Estimator;
  readonly templates: number;
  readonly templatePosition: TemplatePosition;
  readonly negatives: number;
  readonly negativeWeight: number;
  readonly seed: number;
  readonly answer?: string;
  readonly model?: string;
  readonly threads?: number;
  readonly overflow: 'error' | 'cut-left';
  readonly chat?: true;
}

/** Adds them, each with a default and a check whose message names what the option wants. */
export function addScoringOptions(command: Command): Command {
  return addServerOptions(addReadingOptions(command))
    .addOption(
      new Option('--estimator <name>', 'which contexts a step is the difference of')
        .choices(ESTIMATORS)
        .default(DEFAULT_SETTINGS.estimator),
    )
    .option(
      '--templates <K>',
      `prompt templates to average, 1 to ${MAX_TEMPLATES}`,
      whole(1, MAX_TEMPLATES),
      DEFAULT_SETTINGS.templates,
    )
    .addOption(
      new Option(
        '--template-position <where>',
        'prompt templates before the question, or short ones after the steps',
      )
        .choices(TEMPLATE_POSITIONS)
        .default(DEFAULT_SETTINGS.templatePosition),
    )
    .option(
      '--negatives <M>',
      'wrong answers to contrast with, 0 to 16',
      whole(0, 16),
      DEFAULT_SETTINGS.negatives,
    )
    .option(
      '--negative-weight <W>',
      'weight of the contrast; 0 is pointwise mutual information',
      number(0),
      DEFAULT_SETTINGS.negativeWeight,
    )
    .option('--seed <N>', 'seed of the choice of wrong answers', whole(0), DEFAULT_SETTINGS.seed)
    .option('--chat', "put prompts into the model's own chat template")
    .option('--answer <text>', 'gold answer of traces whose file has none')
    .option(
      '--model <model>',
      'name or folder of a model (default: the one of steplens model use, or the bundled one)',
    )
    .option('--threads <N>', 'threads of the model (default: one per physical core)', whole(1, 256))
    .option('--limit <N>', 'score at most N traces of each file', whole(1))
    .addOption(
      new Option('--overflow <mode>', "a trace beyond the model's window: report it, or cut its beginning")
        .choices(['error', 'cut-left'])
        .default('error'),
    );
}

export function cpmiSettings(options: ScoringOptions): CpmiSettings {
  const { estimator, templates, templatePosition, negatives, negativeWeight, seed, chat } = options;
  return {
    estimator,
    templates,
    templatePosition,
    negatives,
    negativeWeight,
    seed,
    ...(chat ? { chat } : {}),
  };
}
