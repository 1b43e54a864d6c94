import { atif } from './atif';
import { bigBenchMistake } from './big-bench-mistake';
import { chat } from './chat';
import { cotPrompt } from './cot-prompt';
import { cpmiLabels } from './cpmi-labels';
import type { TraceFormat } from './format';
import { gsm8k } from './gsm8k';
import { inspect } from './inspect';
import { langfuse } from './langfuse';
import { langsmith } from './langsmith';
import { lmEval } from './lm-eval';
import { mathShepherd } from './math-shepherd';
import { miniSweAgent } from './mini-swe-agent';
import { mrBen } from './mr-ben';
import { mrGsm8k } from './mr-gsm8k';
import { normalised } from './normalised';
import { omegaprm } from './omegaprm';
import { openhands } from './openhands';
import { otel } from './otel';
import { prm800k } from './prm800k';
import { prmbench } from './prmbench';
import { processbench } from './processbench';
import { sharegpt } from './sharegpt';
import { steplens } from './steplens';
import { sweAgent } from './swe-agent';
import { text } from './text';
import { think } from './think';
import { trl } from './trl';

/** All formats. Of two that fit a file equally well the first is taken. */
export const FORMATS: readonly TraceFormat[] = [
  steplens,
  normalised,
  processbench,
  prm800k,
  mathShepherd,
  trl,
  gsm8k,
  omegaprm,
  mrGsm8k,
  mrBen,
  prmbench,
  bigBenchMistake,
  cpmiLabels,
  lmEval,
  inspect,
  sweAgent,
  miniSweAgent,
  openhands,
  atif,
  otel,
  langfuse,
  langsmith,
  chat,
  sharegpt,
  think,
  cotPrompt,
  text,
];
