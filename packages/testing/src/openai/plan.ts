import { bodyPlan, jsonType, type Plan } from '../loopback/plan.js';
import type { VendorError } from './vendor-error.js';

export function errorPlan({ status, error }: VendorError, headers: Plan['headers'] = {}): Plan {
  return bodyPlan(status, { ...jsonType, ...headers }, JSON.stringify({ error }));
}
