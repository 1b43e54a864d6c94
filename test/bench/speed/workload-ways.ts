import { type CpmiSettings, DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { PAPER } from './workload';

/** The settings that are measured, by the name of the way. */
export function settingsOf(way: string): CpmiSettings {
  const ways: Readonly<Record<string, CpmiSettings>> = {
    incremental: PAPER,
    marginal: { ...PAPER, estimator: 'marginal' },
    after: { ...PAPER, templatePosition: 'after' },
    one: { ...PAPER, templates: 1 },
    defaults: DEFAULT_SETTINGS,
  };
  const found = ways[way];
  if (!found) throw new RangeError(`no settings are called ${way}`);
  return found;
}
