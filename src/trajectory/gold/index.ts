/** The door of gold: right answers that stand in another file. */
export { GoldAnswers } from './gold-answers';
export { GoldError, readGold } from './read-gold';
