import type { TraceFormat } from './format';
import { normalised } from './normalised';
import { processbench } from './processbench';
import { trl } from './trl';

/** All formats. Of two that fit a file equally well the first is taken. */
export const FORMATS: readonly TraceFormat[] = [normalised, processbench, trl];
