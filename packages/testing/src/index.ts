export { type ChaosControls, type ChaosOptions, type ChaosStore, chaos } from './chaos/chaos-store.js';
export { repeating } from './chaos/repeating.js';
export {
  type PromptTexts,
  quotingAnswer,
  quotingDescription,
  quotingModelId,
} from './quoting/quoting-answer.js';
export { quotingModel, toPromptTexts } from './quoting/quoting-model.js';
export {
  type Script,
  type ScriptedAnswer,
  type ScriptedModel,
  type ScriptedModelOptions,
  scriptedModel,
} from './scripted-model.js';
export { createTestClock, type TestClock } from './test-clock.js';
