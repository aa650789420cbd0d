export type { Budget, BudgetEvent, BudgetState, Estimate, Reservation } from './budget/budget.js';
export { BudgetError } from './budget/budget-error.js';
export { type BudgetOptions, createBudget } from './budget/create-budget.js';
export { createShaper, type RateLimits, type Shaper, type ShaperOptions } from './budget/shaper.js';
