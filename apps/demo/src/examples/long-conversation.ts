import { createMessage, type Message, type MessageInput, type Thread } from '@loci/core';

const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const plants = ['beans', 'beets', 'carrots', 'chard', 'cress', 'dill', 'fennel', 'garlic', 'kale', 'leeks'];

/** A conversation of a gardener with all that options speak of: rules, pictures, tool calls and many words. */
export async function tellLongConversation(thread: Thread): Promise<void> {
  const messages = [
    ...say('system', 'Answer in one sentence. Never recommend poison.'),
    ...plants.flatMap((plant, index) => [
      ...say('user', `The ${plant} grow in bed ${index + 1}. ${soil(plant)}`),
      ...say('assistant', `The ${plant} are in bed ${index + 1}. ${care(plant)}`),
      ...say('user', `The ${plant} were sown in week ${index + 10}. ${water(plant)}`),
      ...say('assistant', `Week ${index + 10} it is. ${care(plant)}`),
    ]),
    ...look('call-1', 'beans'),
    ...message('user', [
      { type: 'text', text: 'This is how the leeks look.' },
      { type: 'image', mediaType: 'image/png', name: 'leeks.png', data: picture },
    ]),
    ...say('assistant', 'They look well.'),
    ...look('call-2', 'leeks'),
  ];
  await thread.append(messages.map((data) => ({ id: data.id, version: 1, kind: 'message' as const, data })));
}

function look(toolCallId: string, plant: string): Message[] {
  const toolName = 'look_up';
  const output = `${plant}: ${soil(plant)} ${water(plant)} ${care(plant)}`;
  return [
    ...say('user', `What does the book say of ${plant}?`),
    ...message('assistant', [{ type: 'tool-call', toolCallId, toolName, input: { plant } }]),
    ...message('tool', [{ type: 'tool-result', toolCallId, toolName, output, isError: false }]),
    ...say('assistant', `The book has a page on ${plant}.`),
  ];
}

function say(role: Message['role'], content: string): Message[] {
  return message(role, content);
}

function message(role: Message['role'], content: MessageInput['content']): Message[] {
  return [createMessage({ role, content })];
}

function soil(plant: string): string {
  return `Their soil is loose and dark, it was turned in autumn, and before the ${plant} there were potatoes in it.`;
}

function water(plant: string): string {
  return `They get a can of water in the evening, and where the leaves of the ${plant} hang they get a second one.`;
}

function care(plant: string): string {
  return `Between the rows of ${plant} there should be a hand of straw, so that the ground stays moist for longer.`;
}
