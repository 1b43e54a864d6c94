export { homeFolder, modelsFolder } from './home';
export { type ModelInfo, type ModelKind, modelInfo } from './info';
export { ModelError } from './model-error';
export { isModelName } from './names';
export { type ModelRecord, type RecordedFile, writeRecord } from './record';
export { BUNDLED, ModelStore, type StoredModel } from './store';
export { MeteredModel, type Usage, usageOf } from './usage';
