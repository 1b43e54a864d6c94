import type { JsonNode } from '../json';
import type { PlacedText } from '../placed';
import type { Range } from '../splitting';
import type { Negative, SourceText, StepLabel } from '../trajectory';

/**
 * How a file is laid out, told from its first characters:
 * `lines` one JSON value a line, `array` one JSON array, `values` JSON values one after another (a single object is one),
 * `text` anything else, `archive` a zip file whose members are JSON.
 */
export type FileShape = 'lines' | 'array' | 'values' | 'text' | 'archive';

/** What a format may look at to recognise a file. */
export interface FormatSample {
  /** The file's name, without folders; empty where there is none. */
  readonly name: string;
  readonly shape: FileShape;
  /** The first records that are JSON: lines, elements of the array, values, or members of the archive. */
  readonly records: readonly JsonNode[];
  /** The first characters of a text file; empty for the other shapes. */
  readonly text: string;
}

export interface Detection {
  /** From 0 to 1. Over 0.9: fields that no other format has. Under 0.5: it can be read so, but so can much else. */
  readonly confidence: number;
  /** What was seen, as the rest of the sentence "this is <label>: ...". */
  readonly reason: string;
}

/** One record of the file, as a format gets it. */
export interface TraceRecord {
  /** The parsed value; absent in text files. */
  readonly node?: JsonNode;
  readonly source: PlacedText;
  /** Line in the file (or in the archive's member), from 1. */
  readonly line: number;
  /** In an archive: the member that the record stands in. */
  readonly member?: string;
  /** It is only the beginning of an object: the elements of the format's `elements` follow as records. */
  readonly opening?: boolean;
}

export interface StepDraft {
  readonly text: PlacedText | SourceText;
  readonly observation?: PlacedText | SourceText;
  readonly label?: StepLabel;
}

/**
 * A trajectory as a format gives it. The reader adds what all formats have in common: an id where the record has none, the
 * final answer read from the last step where the record does not say it, the first error where every step has a label.
 */
export interface TraceDraft {
  readonly id?: string;
  readonly question: PlacedText | SourceText;
  readonly steps: readonly StepDraft[];
  readonly goldAnswer?: PlacedText | SourceText;
  readonly finalAnswer?: string;
  readonly answerCorrect?: boolean;
  readonly negatives?: readonly Negative[];
  readonly firstError?: number;
  readonly task?: string;
}

export type ReadResult = TraceDraft | { readonly problem: string };

export interface ReadContext {
  /**
   * Cuts free text into steps, in the way that the caller has chosen. Where that is `given`, the way is `given`, by
   * default the text's numbered steps, else its paragraphs, lines or sentences.
   */
  split(text: PlacedText, given?: (text: string) => Range[]): PlacedText[];
  /** What a format wants to remember from one record of the file to the next. */
  readonly memory: Map<string, string>;
  /** The file's name, without folders; empty where there is none. */
  readonly name: string;
}

/** A way to write traces down. One file a format; the registry lists them all. */
export interface TraceFormat {
  /** Short and stable: it stands in settings, on the command line and in label files. */
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** Where the format is defined, in words: the project, the file or the paper. */
  readonly documentation: string;
  /** What it reads: JSON records, or a text file as one. */
  readonly reads: 'json' | 'text';
  /** Whether the file's JSON array is one record (a conversation, an event log), not a list of records. */
  wholeArray?(sample: FormatSample): boolean;
  /**
   * Where the file is one object: the array in it that holds the traces. Its elements are read as records of their own,
   * behind the object's beginning, so that the object may be of any size.
   */
  readonly elements?: string;
  detect(sample: FormatSample): Detection | undefined;
  /** Reads one record. What cannot be read is told as a problem, never thrown. */
  read(record: TraceRecord, context: ReadContext): Iterable<ReadResult>;
}
