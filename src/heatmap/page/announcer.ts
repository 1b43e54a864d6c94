import { element } from './dom';

const LONGEST = 400;

/** Says to a screen reader what changed, once it has been quiet for a moment. */
export class Announcer {
  readonly root = element('div', { className: 'unseen' });
  private timer: number | undefined;

  constructor() {
    this.root.setAttribute('role', 'status');
    this.root.setAttribute('aria-live', 'polite');
  }

  say(text: string): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.root.textContent = text.slice(0, LONGEST);
    }, 250);
  }
}
