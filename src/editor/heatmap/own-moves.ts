/** A step of a trace, or the trace beside its steps, by their numbers. */
export interface CellPlace {
  readonly trace: number;
  readonly step: number | undefined;
}

/**
 * The moves of the cursor that a page asked for and that have not been seen yet. VS Code reports them like a person's
 * own. Sent back to the page they would undo what was pressed there since: the arrow keys are faster than the editor.
 */
export class OwnMoves {
  private expected: CellPlace[] = [];

  /** The cursor is about to be moved there for the page. */
  expect(place: CellPlace): void {
    const last = this.expected.at(-1);
    if (!last || !same(last, place)) this.expected.push(place);
  }

  /** Whether the cursor came to the place for the page. Of several moves at once only the last may be reported. */
  isOwn(place: CellPlace): boolean {
    const at = this.expected.findIndex((expected) => same(expected, place));
    // A person's own move outdates all others: none of them may hide a later one.
    this.expected = at < 0 ? [] : this.expected.slice(at + 1);
    return at >= 0;
  }
}

function same(a: CellPlace, b: CellPlace): boolean {
  return a.trace === b.trace && a.step === b.step;
}
