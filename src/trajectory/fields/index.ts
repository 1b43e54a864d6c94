/** The door of fields: reading JSON of an unknown schema by a mapping, and proposing one. */
export { fieldsFormat } from './format';
export {
  checkFields,
  FIELD_NAMES,
  type FieldMapping,
  type FieldName,
  FieldsError,
  parseFields,
} from './mapping';
export { type FieldCandidate, type FieldProposal, proposeFields } from './propose';
