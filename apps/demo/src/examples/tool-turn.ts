import {
  type ChatResponse,
  createMessage,
  type JsonValue,
  type Message,
  type Part,
  type ToolSpec,
} from '@loci/core';

export interface Tool extends ToolSpec {
  run(input: JsonValue): JsonValue | Promise<JsonValue>;
}

const mostRounds = 8;

/** One question, the rounds of tool calls that it needs, and the answer. `send` is given what is new each time. */
export async function askWithTools(
  send: (added: readonly Message[]) => Promise<ChatResponse>,
  question: string,
  tools: readonly Tool[],
): Promise<ChatResponse> {
  let response = await send([createMessage({ role: 'user', content: question })]);
  for (let round = 0; round < mostRounds; round++) {
    const results = await Promise.all(response.message.content.flatMap((part) => toResult(part, tools)));
    if (results.length === 0) return response;
    response = await send([createMessage({ role: 'tool', content: results })]);
  }
  throw new Error(`The model still calls tools after ${mostRounds} rounds.`);
}

function toResult(part: Part, tools: readonly Tool[]): Promise<Part>[] {
  return part.type === 'tool-call' ? [run(part, tools)] : [];
}

async function run(
  { toolCallId, toolName, input }: Extract<Part, { type: 'tool-call' }>,
  tools: readonly Tool[],
): Promise<Part> {
  const tool = tools.find(({ name }) => name === toolName);
  const output = tool ? await tool.run(input) : `There is no tool ${toolName}.`;
  return { type: 'tool-result', toolCallId, toolName, output, isError: !tool };
}
