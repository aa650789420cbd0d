import {
  boolean,
  type Check,
  id,
  list,
  number,
  oneOf,
  optional,
  present,
  record,
  shape,
  string,
  variants,
} from '../check.js';

const text = { type: string, text: string };
const media = shape({ mediaType: string, data: string, name: optional(string) });
const toolIds = { toolCallId: string, toolName: string };

export const checkPart: Check = variants('type', {
  text: shape({ ...text, trust: optional(oneOf('quoted')) }),
  image: media,
  file: media,
  reasoning: shape({
    ...text,
    origin: shape({ provider: string, model: string, account: optional(string) }),
  }),
  'tool-call': shape({ ...toolIds, input: present }),
  'tool-result': shape({ ...toolIds, output: present, isError: boolean }),
});

/** A message as stored and sent; parts are checked one by one. */
export const checkMessage: Check = shape({
  id,
  role: oneOf('system', 'user', 'assistant', 'tool'),
  content: list(checkPart),
  createdAt: number,
  pinned: optional(boolean),
  agentId: optional(string),
  tags: optional(list(string)),
  metadata: optional(record(present)),
});
