/** The door of paging: any stretch of a file that is too large to be read from its start each time. */
export { type PageRecord, readPage } from './read-page';
export { NotPagedError, RecordIndex, type RecordPlace } from './record-index';
export { RowFile, type RowOptions, type ScannedRecord } from './row-file';
