/** Something about models that the user can act on; the message is one line and says what to do. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}
