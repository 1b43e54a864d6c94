/** The door of answers: reading them, cutting them off, printing them in one form, comparing them by value. */
export { readFinalAnswer } from './final-answer';
