import { fp32 } from './fp32';
import type { Precision } from './precision';

/** 32-bit floats whose graph also outputs, for each linear layer, the largest magnitude of each input channel. */
export function recordingPeaks(): Precision {
  const plain = fp32();
  return {
    ...plain,
    linear(graph, x, name, weight) {
      graph.node('ReduceMax', [graph.node('Abs', [x]), graph.int64([0])], {
        attributes: { keepdims: 0 },
        outputs: [`peak.${name}`],
      });
      graph.output(`peak.${name}`, 'f32', [weight.cols]);
      return plain.linear(graph, x, name, weight);
    },
  };
}
