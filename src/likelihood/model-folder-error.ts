/** A model folder that cannot be used; the message says what is wrong with it. */
export class ModelFolderError extends Error {
  override readonly name = 'ModelFolderError';
}
