import { ModelError } from '../model-error';

/** A model that cannot be imported; the message names what it has or lacks, and where there is one, a way out. */
export class ModelImportError extends ModelError {
  /** @param message may hold names out of an untrusted file: what could steer a terminal is taken out */
  constructor(message: string) {
    super(message.replace(/\p{C}/gu, ''));
  }
}
