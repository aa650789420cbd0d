import { quotingModelId } from '../quoting/quoting-answer.js';

/** The list of models, with what the vendor says about each. */
export function toModelList(models: readonly string[] = [quotingModelId]) {
  return {
    object: 'list',
    data: models.map((id) => ({
      id,
      object: 'model',
      created: 1_767_225_600,
      owned_by: 'loopback-stand-in',
      capabilities: { completion_chat: true, function_calling: true, vision: true },
      name: id,
      max_context_length: 262_144,
      aliases: [],
      type: 'base',
    })),
  };
}
