export type { Shareable, ShareEvent, ShareOptions } from './share/share-options.js';
export { type RouterShare, shareRouter } from './share/share-router.js';
export { exportStatistics, importStatistics } from './statistics/export-statistics.js';
