import type { SoftLabelScale } from './soft-label';

/**
 * The scale of rewards on labelled maths and logic traces (median and 1.4826 · MAD over 1,772 steps) with the bundled
 * model and the default settings, for where single traces are scored and no data set is there to fit one to.
 * `Label file` fits its own.
 */
export const REFERENCE_SCALE: SoftLabelScale = { center: 0.03, scale: 0.28, method: 'mad' };
