/** Whole drawings are made of these few strokes, so that the screen, a PNG and an SVG come from the same code. */
export interface Pen {
  /** A filled rectangle; CSS pixels from the top left, as everywhere here. */
  rect(x: number, y: number, width: number, height: number, fill: string): void;
  /** A filled polygon: x and y in turn. */
  polygon(points: readonly number[], fill: string): void;
  /** An open line: x and y in turn. */
  line(points: readonly number[], stroke: string, width: number): void;
  /** A frame inside the rectangle. */
  frame(x: number, y: number, width: number, height: number, stroke: string, thickness: number): void;
  /** One line of text, `y` its vertical middle. Longer than `maxWidth` it is cut with an ellipsis. */
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** Strokes until `unclip` show inside this rectangle only. */
  clip(x: number, y: number, width: number, height: number): void;
  unclip(): void;
}

export interface TextStyle {
  readonly colour: string;
  /** CSS pixels. */
  readonly size: number;
  readonly align: 'left' | 'right' | 'center';
  readonly bold?: boolean;
  readonly maxWidth?: number;
}
