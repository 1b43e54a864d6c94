import type { SoftLabelScale } from './soft-label';

/**
 * The scale of rewards on labelled maths and logic traces with the bundled model, for where single traces are scored and
 * no data set is there to fit one to (docs/evaluation.md says how it was measured). `Label file` fits its own.
 */
export const REFERENCE_SCALE: SoftLabelScale = { center: 0, scale: 0.1, method: 'mad' };
