export { chooseVariant, type Variant, variantsOf } from './choose-files';
export { type DownloadOptions, download, downloadName } from './download';
export { endpointOf, type HubOptions } from './http';
export { type Repository, readRepository } from './repository';
