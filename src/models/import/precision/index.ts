import { blocks } from './blocks';
import { fp32 } from './fp32';
import { int8 } from './int8';
import type { Precision } from './precision';

/** The stored precisions that model/README.md compares. The first part is the layers', the second the embedding table's. */
export const PRECISIONS = {
  fp32,
  int8,
  'int8-q8': (): Precision => ({ ...blocks(8), linear: int8().linear }),
  'int8-down-q8': (): Precision => {
    const [plain, fine] = [int8(), blocks(8)];
    return {
      ...plain,
      linear: (graph, x, name, weight) =>
        (name.endsWith('down_proj') ? fine : plain).linear(graph, x, name, weight),
    };
  },
  q8: () => blocks(8),
  q4: () => blocks(4),
} satisfies Record<string, () => Precision>;

export type PrecisionName = keyof typeof PRECISIONS;
