/** The scoring process died again and again on the same request. */
export class ModelCrashedError extends Error {
  override readonly name = 'ModelCrashedError';
}
