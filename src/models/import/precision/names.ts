/** How weights can be stored, for people to choose from; the first is the default. docs/models.md compares them. */
export const IMPORT_PRECISIONS = ['int8', 'fp32', 'q8', 'q4'] as const;

export type ImportPrecision = (typeof IMPORT_PRECISIONS)[number];
