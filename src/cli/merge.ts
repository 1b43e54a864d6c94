import type { Command } from 'commander';
import { LabelError, mergeShards, outputOfShard } from '../labels';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';
import { labelSummary } from './label-summary';

interface MergeCommandOptions {
  readonly out?: string;
  readonly force?: boolean;
}

export function mergeCommand(program: Command): void {
  program
    .command('merge')
    .description('make one label file of the shards that label --shard has written')
    .argument('<shards...>', 'all shards of one run, in any order')
    .option('--out <file>', "where the labels go (default: the shards' name without their part)")
    .option('--force', 'overwrite labels that are there already')
    .action(async (shards: string[], { out: given, force = false }: MergeCommandOptions) => {
      const out = given ?? outputOfShard(shards[0] ?? '');
      if (out === undefined) throw new CliError('the name of the output cannot be told: --out FILE', 2);
      try {
        const { made } = await mergeShards({ shards, out, force, signal: interruptSignal() });
        process.stdout.write(labelSummary(out, made));
      } catch (error) {
        throw error instanceof LabelError ? new CliError(error.message) : error;
      }
    });
}
