import { createMessage } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { quotingAnswer, quotingModelId } from './quoting-answer.js';
import { quotingModel } from './quoting-model.js';

const user = (...texts: string[]) => ({ role: 'user', texts });
const assistant = (...texts: string[]) => ({ role: 'assistant', texts });

describe('quotingAnswer', () => {
  it('answers with the sentence of the history that fits the question', () => {
    const history = [
      user('My dog is called Rex.'),
      assistant('Noted.'),
      user('I live in Porto. My sister Ana lives in Braga.'),
    ];
    expect(quotingAnswer([...history, user('What is my dog called?')])).toBe('My dog is called Rex.');
    expect(quotingAnswer([...history, user("What's the name of my dog?")])).toBe('My dog is called Rex.');
    expect(quotingAnswer([...history, user('Where does my sister live?')])).toBe(
      'My sister Ana lives in Braga.',
    );
    expect(quotingAnswer([...history, user('Where do I live?')])).toMatch(/live/);
  });

  it('does not know what the prompt does not say', () => {
    expect(quotingAnswer([user('My dog is called Rex.'), user('What is my cat called?')])).toMatch(
      /^I do not know/,
    );
    expect(quotingAnswer([user('My dog is called Rex.'), user('Who won the race?')])).toMatch(
      /^I do not know/,
    );
    expect(quotingAnswer([user('What is my dog called?')])).toMatch(/^I do not know/);
  });

  it('never quotes the assistant, nor an earlier question', () => {
    const prompt = [
      user('What is my dog called?'),
      assistant('Your dog is called Bello.'),
      user('What is my dog called?'),
    ];
    expect(quotingAnswer(prompt)).toMatch(/^I do not know/);
    expect(
      quotingAnswer([
        user('assistant: I do not know what your dog is called.'),
        user('What is my dog called?'),
      ]),
    ).toMatch(/nothing in my prompt/);
  });

  it('reads quoted parts in front of the question, summaries and system text', () => {
    expect(
      quotingAnswer([
        user('<recalled>\n- The wifi password is otter7.\n</recalled>', 'What is the wifi password?'),
      ]),
    ).toBe('The wifi password is otter7.');
    expect(
      quotingAnswer([
        { role: 'system', texts: ['The office closes at six.'] },
        user('When does the office close?'),
      ]),
    ).toBe('The office closes at six.');
  });

  it('prefers the later of two equal fits', () => {
    expect(
      quotingAnswer([user('My car is red.'), user('My car is blue.'), user('What colour is my car?')]),
    ).toBe('My car is blue.');
  });

  it('acknowledges a statement without quoting anything', () => {
    expect(quotingAnswer([user('My dog is called Rex.'), user('When I was young I lived in Paris.')])).toBe(
      'Noted.',
    );
    expect(quotingAnswer([])).toBe('Noted.');
  });

  it('takes requests for questions', () => {
    expect(quotingAnswer([user('My dog is called Rex.'), user('Tell me the name of my dog')])).toBe(
      'My dog is called Rex.',
    );
  });

  it('finds one sentence in a very large prompt', () => {
    const filler = Array.from({ length: 20_000 }, (_, index) =>
      user(`Filler ${index} about nothing in particular, ${'a'.repeat(50)}. `),
    );
    const prompt = [
      user('My dog is called Rex.'),
      ...filler,
      user('x'.repeat(400_000), 'What is my dog called?'),
    ];
    expect(quotingAnswer(prompt)).toBe('My dog is called Rex.');
  });
});

describe('quotingModel', () => {
  it('is a model that says it is a stand-in', async () => {
    const model = quotingModel();
    const messages = ['My dog is called Rex.', 'What is my dog called?'].map((content) =>
      createMessage({ role: 'user', content }),
    );
    const response = await model.generate({ messages });
    expect(response.message.content).toEqual([{ type: 'text', text: 'My dog is called Rex.' }]);
    expect([model.modelId, response.model.modelId]).toEqual([quotingModelId, 'stand-in-quoting']);
  });
});
