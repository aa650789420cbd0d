export { printRoute } from './route/print-route.js';
export { type PrintOptions, printStatistics, printStatisticsEvery } from './statistics/print-statistics.js';
