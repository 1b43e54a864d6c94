export { homeFolder, modelsFolder } from './home';
export { ModelImportError } from './import/import-error';
export type { Imported, ImportOptions } from './import/import-model';
export { IMPORT_PRECISIONS, type ImportPrecision } from './import/precision/names';
export type { ModelInfo, ModelKind } from './info'; // modelInfo itself brings the tokenizer along: its users load it when they need it
export { ModelError } from './model-error';
export { isModelName } from './names';
export { type ModelRecord, type RecordedFile, writeRecord } from './record';
export { BUNDLED, ModelStore, type StoredModel } from './store';
export { MeteredModel, type Usage, usageOf } from './usage';
