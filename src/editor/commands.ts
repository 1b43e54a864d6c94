import type { StepLabel } from '../trajectory/trajectory';

/** Names a trace, or one of its steps, in commands that a link, a lens or a tree item runs. Plain data. */
export interface StepTarget {
  /** The file's address (never that of a readable view). */
  readonly uri: string;
  /** Number of the trace in the file, from 0. */
  readonly trace: number;
  /** Number of the step in the trace, from 0. */
  readonly step?: number;
}

/** Every command and what it may be given. Run from the palette it is given nothing and means where the cursor is. */
export interface CommandArguments {
  /** A file; else the active one. */
  'steplens.scoreFile': [file?: unknown];
  'steplens.scoreTrace': [target?: StepTarget];
  'steplens.cancelScoring': [];
  'steplens.clearRewards': [];
  /** A file chosen in the explorer; else the active one. */
  'steplens.labelFile': [file?: unknown];
  'steplens.nextLowStep': [from?: StepTarget];
  'steplens.previousLowStep': [from?: StepTarget];
  /** A step to select in the heatmap, or a file. */
  'steplens.openHeatmap': [target?: unknown];
  'steplens.openReadableView': [target?: StepTarget];
  'steplens.revealInSource': [];
  /** Without an answer it is asked for; an empty one takes a given answer away. */
  'steplens.setGoldAnswer': [target?: StepTarget, answer?: string];
  'steplens.setStepLabel': [target?: StepTarget, label?: StepLabel | 'none'];
  'steplens.undoLabel': [];
  'steplens.copyStep': [target?: StepTarget];
  'steplens.filterTraces': [];
  'steplens.clearTraceFilter': [];
  'steplens.chooseModel': [];
  'steplens.useServer': [];
  'steplens.setServerKey': [];
  'steplens.removeServerKey': [];
  /** A repository of the hub; else it is asked for. */
  'steplens.downloadModel': [repository?: string];
  /** A GGUF file or a folder with safetensors; else it is asked for. */
  'steplens.importModel': [path?: string];
  'steplens.doctor': [];
  'steplens.showLog': [];
  'steplens.openWalkthrough': [];
  'steplens.openExamples': [];
  'steplens.explainRewards': [];
  'steplens.openStep': [target: StepTarget];
  'steplens.hideStep': [target: StepTarget];
  'steplens.showHiddenSteps': [];
  /** A file; else the active one. */
  'steplens.mapFields': [file?: unknown];
  'steplens.splitSteps': [file?: unknown];
  'steplens.openLargeFile': [file?: unknown];
  /** Number of a trace in the large file that is shown, from 1. */
  'steplens.goToTrace': [number?: unknown];
}

export type CommandId = keyof CommandArguments;

/** The same as a list, for the test that package.json declares every command. */
export const COMMAND_IDS: readonly CommandId[] = Object.keys({
  'steplens.scoreFile': 0,
  'steplens.scoreTrace': 0,
  'steplens.cancelScoring': 0,
  'steplens.clearRewards': 0,
  'steplens.labelFile': 0,
  'steplens.nextLowStep': 0,
  'steplens.previousLowStep': 0,
  'steplens.openHeatmap': 0,
  'steplens.openReadableView': 0,
  'steplens.revealInSource': 0,
  'steplens.setGoldAnswer': 0,
  'steplens.setStepLabel': 0,
  'steplens.undoLabel': 0,
  'steplens.copyStep': 0,
  'steplens.filterTraces': 0,
  'steplens.clearTraceFilter': 0,
  'steplens.chooseModel': 0,
  'steplens.useServer': 0,
  'steplens.setServerKey': 0,
  'steplens.removeServerKey': 0,
  'steplens.downloadModel': 0,
  'steplens.importModel': 0,
  'steplens.doctor': 0,
  'steplens.showLog': 0,
  'steplens.openWalkthrough': 0,
  'steplens.openExamples': 0,
  'steplens.explainRewards': 0,
  'steplens.openStep': 0,
  'steplens.hideStep': 0,
  'steplens.showHiddenSteps': 0,
  'steplens.mapFields': 0,
  'steplens.splitSteps': 0,
  'steplens.openLargeFile': 0,
  'steplens.goToTrace': 0,
} satisfies Record<CommandId, 0>) as CommandId[];

/**
 * A link that runs a command, for Markdown. Parentheses are encoded too, as they would end the link.
 */
export function commandLink<C extends CommandId>(command: C, ...args: CommandArguments[C]): string {
  const query = encodeURIComponent(JSON.stringify(args)).replace(
    /[()'!*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `command:${command}?${query}`;
}

/** Reads a target that came from outside, such as a link in a hover; undefined where it is none. */
export function asTarget(value: unknown): StepTarget | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { uri, trace, step } = value as Partial<Record<keyof StepTarget, unknown>>;
  if (typeof uri !== 'string' || !isIndex(trace)) return undefined;
  return { uri, trace, ...(isIndex(step) ? { step } : {}) };
}

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
