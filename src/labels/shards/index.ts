export { type MergeTask, mergeShards } from './merge';
export { belongsTo, MAX_SHARDS, outputOfShard, parseShard, type Shard, shardPath } from './shard';
