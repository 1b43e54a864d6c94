/** What was done last, first out. So many steps back can be undone. */
export class UndoStack<T> {
  private readonly done: T[] = [];

  constructor(private readonly most = 200) {}

  push(action: T): void {
    this.done.push(action);
    if (this.done.length > this.most) this.done.shift();
  }

  pop(): T | undefined {
    return this.done.pop();
  }
}
