export { parseBeginning } from './beginning';
export {
  JsonArray,
  type JsonBoolean,
  type JsonNode,
  type JsonNull,
  JsonNumber,
  JsonObject,
  type JsonScalar,
  JsonString,
  rawOf,
} from './nodes';
export { JsonError, MAX_DEPTH, parseJson, tryParseJson } from './parse';
