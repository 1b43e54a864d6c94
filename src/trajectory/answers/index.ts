/** The door of answers: reading them, cutting them off, printing them in one form, comparing them by value. */
export { type Choice, readChoice } from './choice';
export { type CutStep, cutAnswerSentence } from './cut';
export { answerKey, answersEqual } from './equality';
export { readFinalAnswer } from './final-answer';
export { isFormula } from './latex';
export { normaliseAnswer, type ParsedAnswer, parseAnswer } from './normalise';
export { type NumberForm, readNumber } from './number';
export type { Rational } from './rational';
export * as exact from './rational';
