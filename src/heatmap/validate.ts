import * as check from './checks';
import {
  EXPORT_KINDS,
  type HeatmapSettings,
  type HostMessage,
  MAX_STEPS,
  type Measure,
  OUTCOMES,
  type Outcome,
  type PageMessage,
  PHASES,
  type RewardList,
  type RowBatch,
} from './protocol';

/** A message that fits the protocol, or one sentence on why it does not. */
export type Parsed<M> = { readonly message: M } | { readonly problem: string };

/** Checks what the page received. Never throws: an unknown or misshapen message becomes a `problem`. */
export function parseHostMessage(value: unknown): Parsed<HostMessage> {
  return attempt(value, hostMessage);
}

/** Checks what the panel received. Never throws. */
export function parsePageMessage(value: unknown): Parsed<PageMessage> {
  return attempt(value, pageMessage);
}

function attempt<M>(value: unknown, parse: (of: check.Fields, type: string) => M | undefined): Parsed<M> {
  try {
    const of = check.fields(value, 'a message');
    const type = check.text(of, 'type');
    const message = parse(of, type);
    return message === undefined
      ? { problem: `unknown message type ${JSON.stringify(type.slice(0, 40))}` }
      : { message };
  } catch (error) {
    if (error instanceof check.Misfit) return { problem: error.message };
    throw error;
  }
}

function hostMessage(of: check.Fields, type: string): HostMessage | undefined {
  switch (type) {
    case 'init':
      return {
        type,
        generation: check.count(of, 'generation'),
        title: check.text(of, 'title'),
        measure: measure(check.own(of, 'measure')),
        settings: settings(check.own(of, 'settings')),
        strings: texts(check.own(of, 'strings')),
        locale: check.text(of, 'locale'),
      };
    case 'rows':
      return { type, generation: check.count(of, 'generation'), batch: batch(check.own(of, 'batch')) };
    case 'rewards':
      return {
        type,
        generation: check.count(of, 'generation'),
        rows: check.list(of, 'rows', check.isCount),
        rewards: rewards(of),
      };
    case 'failures':
      return {
        type,
        generation: check.count(of, 'generation'),
        failures: check.list(of, 'failures', isFailure),
      };
    case 'progress':
      return {
        type,
        generation: check.count(of, 'generation'),
        phase: check.oneOf(of, 'phase', PHASES),
        done: check.count(of, 'done'),
        total: check.countOrNull(of, 'total'),
        note: check.text(of, 'note'),
      };
    case 'settings':
      return { type, settings: settings(check.own(of, 'settings')) };
    case 'select':
      return { type, ...place(of), step: check.countOrNull(of, 'step') };
    case 'step':
      return {
        type,
        ...place(of),
        step: check.count(of, 'step'),
        text: check.text(of, 'text'),
        cut: check.flag(of, 'cut'),
        details: check.list(of, 'details', check.isText),
      };
    case 'exported':
      return { type, ok: check.flag(of, 'ok'), note: check.text(of, 'note') };
    default:
      return undefined;
  }
}

function pageMessage(of: check.Fields, type: string): PageMessage | undefined {
  switch (type) {
    case 'ready':
    case 'score':
    case 'cancel':
      return { type };
    case 'select':
      return { type, ...place(of), step: check.countOrNull(of, 'step'), open: check.flag(of, 'open') };
    case 'askStep':
      return { type, ...place(of), step: check.count(of, 'step') };
    case 'export':
      return {
        type,
        kind: check.oneOf(of, 'kind', EXPORT_KINDS),
        name: check.text(of, 'name'),
        data: bytes(of),
      };
    case 'problem':
      return { type, reason: check.text(of, 'reason') };
    default:
      return undefined;
  }
}

const place = (of: check.Fields) => ({
  generation: check.count(of, 'generation'),
  row: check.count(of, 'row'),
});

function measure(value: unknown): Measure {
  const of = check.fields(value, 'measure');
  return { name: check.text(of, 'name'), unit: check.text(of, 'unit'), detail: check.text(of, 'detail') };
}

function settings(value: unknown): HeatmapSettings {
  const of = check.fields(value, 'settings');
  const bands = check.list(of, 'bands', check.isFiniteNumber);
  const ascending = bands.every((edge, i) => i === 0 || edge > (bands[i - 1] ?? Number.NEGATIVE_INFINITY));
  if (bands.length < 1 || bands.length > 12 || !ascending) {
    throw new check.Misfit('bands must be 1 to 12 strictly ascending numbers');
  }
  return { threshold: check.finite(of, 'threshold'), bands };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  const of = check.fields(value, 'strings');
  const all: Record<string, string> = Object.create(null);
  for (const key of Object.keys(of)) all[key] = check.text(of, key);
  return all;
}

function batch(value: unknown): RowBatch {
  const of = check.fields(value, 'batch');
  const parsed = {
    start: check.count(of, 'start'),
    ids: check.list(of, 'ids', check.isText),
    lines: check.list(of, 'lines', check.isCount),
    formats: check.list(of, 'formats', check.isText),
    outcomes: check.list(of, 'outcomes', isOutcome),
    steps: check.list(of, 'steps', isStepCount),
  };
  for (const key of ['lines', 'formats', 'outcomes', 'steps'] as const) {
    if (parsed[key].length !== parsed.ids.length) throw new check.Misfit(`${key} must be as long as ids`);
  }
  if (check.own(of, 'rewards') === undefined) return parsed;
  const given = rewards(of);
  const wanted = parsed.steps.reduce((sum, steps) => sum + steps, 0);
  if (given.length !== wanted) {
    throw new check.Misfit(`rewards must be ${wanted} numbers, one a step; there are ${given.length}`);
  }
  return { ...parsed, rewards: given };
}

function rewards(of: check.Fields): RewardList {
  const value = check.own(of, 'rewards');
  return value instanceof Float32Array ? value : check.list(of, 'rewards', isReward);
}

function bytes(of: check.Fields): Uint8Array {
  const value = check.own(of, 'data');
  if (!(value instanceof Uint8Array)) throw new check.Misfit('data must be bytes');
  return value;
}

const isOutcome = (value: unknown): value is Outcome => OUTCOMES.some((outcome) => outcome === value);
const isStepCount = (value: unknown): value is number => check.isCount(value) && value <= MAX_STEPS;
const isReward = (value: unknown): value is number | null => value === null || typeof value === 'number';

function isFailure(value: unknown): value is { row: number; reason: string } {
  if (typeof value !== 'object' || value === null) return false;
  const of = value as check.Fields;
  return check.isCount(check.own(of, 'row')) && check.isText(check.own(of, 'reason'));
}
