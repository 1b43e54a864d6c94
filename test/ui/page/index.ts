/*
 * Reads the workbench's DOM from inside the page. Bundled and added to every page as the global `uiPage`; Monaco is drawn for eyes,
 * not for tests, so what belongs together has to be found by place and by style.
 */
export { readBackgrounds, readGutter, readInlineTexts } from './decorations';
export { readLines } from './lines';
export { hasCursorAt, locateText } from './locate-text';
