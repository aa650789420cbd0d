export { anySimulation } from './simulator/any-simulation.js';
export { poissonMoments, type SimulatedArrival } from './simulator/arrivals.js';
export {
  createSimulation,
  type Simulation,
  type SimulationOptions,
  type SimulationStage,
} from './simulator/create-simulation.js';
export { findFaults } from './simulator/find-faults.js';
export { latencyAveraging } from './simulator/latency-averaging.js';
export type { Aim } from './simulator/regret.js';
export type { SimulatedAttempt, SimulatedRequest, SimulationReport } from './simulator/report.js';
export { type SimulationScenario, simulationScenarios } from './simulator/scenarios.js';
export type {
  SimulatedFault,
  SimulatedPhase,
  SimulatedRefusal,
  SimulatedVendor,
  Spread,
} from './simulator/simulated-vendor.js';
