import { DEFAULT_SETTINGS, ESTIMATORS, TEMPLATE_POSITIONS } from '../cpmi/settings';
import { MAX_TEMPLATES } from '../cpmi/templates';

/** How a setting's value is checked; what does not fit falls back to the default. */
export type Check<T> = (value: unknown) => T | undefined;

export interface SettingSpec<T> {
  readonly default: T;
  readonly check: Check<T>;
}

const choice =
  <T extends string>(...choices: readonly T[]): Check<T> =>
  (value) =>
    choices.find((c) => c === value);
const whole =
  (low: number, high: number): Check<number> =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high ? value : undefined;
const number =
  (low = Number.NEGATIVE_INFINITY): Check<number> =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= low ? value : undefined;
const flag: Check<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const texts: Check<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((v) => typeof v === 'string') ? value : undefined;
const text: Check<string> = (value) => (typeof value === 'string' ? value : undefined);

/** Four edges between the five reward bands, strictly ascending, two on each side of zero. Nats per token. */
export type BandEdges = readonly [number, number, number, number];

const bands: Check<BandEdges> = (value) => {
  if (!Array.isArray(value) || value.length !== 4 || !value.every((v) => Number.isFinite(v)))
    return undefined;
  const [a, b, c, d] = value as [number, number, number, number];
  return a < b && b <= 0 && c >= 0 && b < c && c < d ? [a, b, c, d] : undefined;
};

/** A mapping of fields (see `FieldMapping`), and which files it is for. What its paths say is checked by the reader. */
export type FieldsSetting = Readonly<Record<string, string>> & { readonly files?: string };

const mapping: Check<FieldsSetting | null> = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every(([, path]) => typeof path === 'string')) return undefined;
  return Object.fromEntries(entries) as FieldsSetting;
};

const spec = <T>(fallback: T, check: Check<T>): SettingSpec<T> => ({ default: fallback, check });

export const SCORE_ON_OPEN = ['never', 'visible', 'all'] as const;
/** Builds of ONNX Runtime: the names that the scoring process knows. */
export const RUNTIMES = ['auto', 'native', 'wasm'] as const;
export const SEVERITIES = ['off', 'hint', 'information', 'warning', 'error'] as const;

/** Every setting of the extension, by its name without the `steplens.` prefix. package.json must say the same. */
export const SETTINGS = {
  scoreOnOpen: spec<(typeof SCORE_ON_OPEN)[number]>('visible', choice(...SCORE_ON_OPEN)),
  scoreOnOpenLimit: spec(60_000, whole(0, Number.MAX_SAFE_INTEGER)),
  rescoreDelay: spec(1500, whole(0, 600_000)),
  'cpmi.estimator': spec(DEFAULT_SETTINGS.estimator, choice(...ESTIMATORS)),
  'cpmi.templates': spec(DEFAULT_SETTINGS.templates, whole(1, MAX_TEMPLATES)),
  'cpmi.templatePosition': spec(DEFAULT_SETTINGS.templatePosition, choice(...TEMPLATE_POSITIONS)),
  'cpmi.negatives': spec(DEFAULT_SETTINGS.negatives, whole(0, 16)),
  'cpmi.negativeWeight': spec(DEFAULT_SETTINGS.negativeWeight, number(0)),
  'cpmi.seed': spec(DEFAULT_SETTINGS.seed, whole(0, Number.MAX_SAFE_INTEGER)),
  'cpmi.chat': spec(false, flag),
  'cpmi.overflow': spec<'error' | 'cut-left'>('error', choice('error', 'cut-left')),
  split: spec('given', text),
  fields: spec<FieldsSetting | null>(null, mapping),
  gold: spec('', text),
  lowThreshold: spec(-0.1, number()),
  bands: spec<BandEdges>([-0.3, -0.1, 0.1, 0.3], bands),
  'decorations.background': spec(true, flag),
  'decorations.reward': spec(true, flag),
  'decorations.gutter': spec(true, flag),
  'diagnostics.severity': spec<(typeof SEVERITIES)[number]>('information', choice(...SEVERITIES)),
  'diagnostics.count': spec(100, whole(0, 1000)),
  'model.folder': spec('', text),
  'model.nodePath': spec('', text),
  'model.runtime': spec<(typeof RUNTIMES)[number]>('auto', choice(...RUNTIMES)),
  'model.threads': spec(0, whole(0, 256)),
  'model.server.urls': spec<readonly string[]>([], texts),
  'model.server.model': spec('', text),
  'model.server.tokenizer': spec('', text),
  'model.server.window': spec(0, whole(0, 10_000_000)),
  'model.server.concurrency': spec(0, whole(0, 1024)),
  'model.idleMinutes': spec(10, whole(0, 1440)),
  'cache.maxSize': spec(100, whole(0, 10_000)),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type SettingValue<K extends SettingKey> = (typeof SETTINGS)[K]['default'];

/** The checked value of a setting as VS Code has it; the default where it does not fit. */
export function checkedSetting<K extends SettingKey>(key: K, value: unknown): SettingValue<K> {
  const { check, default: fallback } = SETTINGS[key] as SettingSpec<SettingValue<K>>;
  return check(value) ?? fallback;
}
