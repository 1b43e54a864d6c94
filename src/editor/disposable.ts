/** What can be let go of. VS Code's own Disposable fits. */
export interface IDisposable {
  dispose(): void;
}

/** Owns what it registers and disposes it with itself, last first. What comes after dispose is disposed at once. */
export abstract class Disposable implements IDisposable {
  private readonly owned: IDisposable[] = [];
  private gone = false;

  get disposed(): boolean {
    return this.gone;
  }

  dispose(): void {
    if (this.gone) return;
    this.gone = true;
    for (let next = this.owned.pop(); next; next = this.owned.pop()) next.dispose();
  }

  protected _register<T extends IDisposable>(part: T): T {
    if (this.gone) part.dispose();
    else this.owned.push(part);
    return part;
  }
}
