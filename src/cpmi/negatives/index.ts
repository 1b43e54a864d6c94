/** The door of hard negatives: the wrong answers that a step's gain for gold is contrasted with. */
export { chooseNegatives, type NegativeChoice, type NegativeSources } from './choose';
export { type Option, readOptions } from './options';
