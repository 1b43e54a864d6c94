/** How a person wants files to be read, as the settings say it. Plain data; nothing in it is checked yet. */
export interface ReadingTerms {
  /** How steps are cut: `given`, `numbered`, `blank-line`, `sentence`, or `pattern:` and a regular expression. */
  readonly split: string;
  /** Where JSON of an unknown schema says what. */
  readonly fields?: ChosenFields;
  /** Path of a file of right answers. */
  readonly gold?: string;
}

export interface ChosenFields {
  /** JSONPath queries by the name of the field. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Also a file of a known format is read so. */
  readonly always: boolean;
}

export const AS_GIVEN: ReadingTerms = { split: 'given' };
