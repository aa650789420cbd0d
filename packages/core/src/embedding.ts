export {
  defineEmbeddingModel,
  type EmbeddingBatch,
  type EmbeddingDefinition,
} from './embedding/define-embedding-model.js';
