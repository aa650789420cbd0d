export {
  defineEmbeddingModel,
  type EmbeddingBatch,
  type EmbeddingDefinition,
} from './embedding/define-embedding-model.js';
export { toEmbeddingUsage } from './embedding/to-embedding-usage.js';
