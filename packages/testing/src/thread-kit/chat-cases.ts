import {
  type ChatModel,
  collectStream,
  createMessage,
  type Message,
  ModelError,
  messageText,
} from '@loci/core';
import { DivergedError } from '@loci/core/turn';
import { chaos } from '../chaos/chaos-store.js';
import { equal, failureOf, holds, rejection, toArray } from '../kit/assertions.js';
import { scriptedModel } from '../scripted-model.js';
import { type ThreadSubject, threadCase } from './thread-case.js';
import { again, dump, idsOf, isUnavailable, key, look, textsOf } from './tools.js';

const user = (text: string): Message => createMessage({ role: 'user', content: text });

function chatOn({ openThread, withMemory, store }: ThreadSubject, model: ChatModel) {
  const thread = openThread({ store, key });
  const chat = withMemory(model, { thread, contextWindow: 100_000 });
  return { thread, chat };
}

export const threadChatCases = [
  threadCase(
    'chat/one-append',
    'a chat turn is stored whole, its message ids being the entry ids, and the next prompt holds it',
    async (subject) => {
      const model = scriptedModel(() => 'noted');
      const { thread, chat } = chatOn(subject, model);
      const response = await again(() => chat.generate({ messages: [user('My dog is called Rex.')] }));
      const entries = await again(() => toArray(thread.entries()));
      const own = entries.filter((entry) => entry.turnId === entries.at(-1)?.turnId);
      equal(
        own.map(({ kind }) => kind),
        ['turn', 'message', 'message', 'call', 'turn'],
      );
      const { messages } = await look(thread);
      equal(messages.at(-1), response.message);
      equal(
        own.flatMap(({ kind, id }) => (kind === 'message' ? [id] : [])),
        idsOf(messages).slice(-2),
      );
      const cold = chatOn(subject, model).chat;
      await again(() => cold.generate({ messages: [user('What is it called?')] }));
      const prompt = JSON.stringify(model.requests.at(-1)?.messages);
      holds(
        prompt.includes('My dog is called Rex.') && prompt.includes('noted'),
        'the prompt lacks the past',
      );
    },
  ),

  threadCase(
    'chat/atomic',
    '`finish` is seen only after the turn is durable; an answer that fails, is aborted or is left early leaves nothing that anybody sees.',
    async (subject) => {
      const failing = scriptedModel(() => ({ text: 'half an answer', cutAfter: 2 }));
      const { thread, chat } = chatOn(subject, failing);
      const failure = await failureOf(again(() => chat.generate({ messages: [user('cut')] })));
      equal([failure.kind, failure.partial && messageText(failure.partial)], ['truncated', 'half an ']);
      const { chat: answering } = chatOn(
        subject,
        scriptedModel(() => 'one two three'),
      );
      await again(async () => {
        for await (const _ of answering.stream({ messages: [user('left')] })) break;
      });
      const stop = new AbortController();
      const aborted = await rejection(
        again(async () => {
          for await (const _ of answering.stream({ messages: [user('aborted')] }, { signal: stop.signal }))
            stop.abort(new Error('stop'));
        }),
      );
      holds(!isUnavailable(aborted), 'the abort never reached the model');
      equal(await textsOf(thread), []);
      let finished = false;
      for (let attempt = 0; attempt < 50 && !finished; attempt++) {
        try {
          for await (const event of answering.stream({ messages: [user(`asked ${attempt}`)] })) {
            const seen = await textsOf(subject.openThread({ store: subject.store, key }));
            if (event.type === 'finish') {
              finished = true;
              equal(seen.slice(-2), [`asked ${attempt}`, 'one two three']);
            } else holds(!seen.includes(`asked ${attempt}`), 'the turn is seen before it is complete');
          }
        } catch (error) {
          if (!isUnavailable(error)) throw error;
        }
      }
      holds(finished, 'no turn was ever completed');
    },
  ),

  threadCase(
    'chat/finish-only',
    'only `finish.response` is authoritative; nothing is stored and no tool runs before it.',
    async (subject) => {
      const { store } = subject;
      const delayed = scriptedModel(() => ({ text: 'DELTA-1 DELTA-2', error: new Error('broken') }));
      const { thread, chat } = chatOn(subject, delayed);
      const error = await rejection(again(() => chat.generate({ messages: [user('hello')] })));
      holds(ModelError.isInstance(error), 'the model did not fail');
      holds(!(await dump(store)).includes('DELTA'), 'deltas are stored');
      equal(await textsOf(thread), []);
    },
  ),

  threadCase(
    'chat/lost-answers',
    'a turn whose answer was lost is stored once; an acknowledged turn is there, whole and once',
    async (subject) => {
      const losing = chaos(subject.store, { lostAnswers: 0.15, refusals: 0.1, maxDelayMs: 5, seed: 11 });
      const model = scriptedModel(() => 'noted');
      const { chat } = chatOn({ ...subject, store: losing }, model);
      const acknowledged: string[] = [];
      for (let round = 0; round < 40; round++) {
        const text = `question ${round}`;
        try {
          await chat.generate({ messages: [user(text)] });
          acknowledged.push(text);
        } catch (error) {
          if (!isUnavailable(error)) throw error;
        }
      }
      holds(acknowledged.length > 0, 'no turn was ever acknowledged');
      const entries = await again(() => toArray(subject.openThread({ store: subject.store, key }).entries()));
      const asked = entries.flatMap((entry) =>
        entry.kind === 'message' && entry.data.role === 'user' ? [messageText(entry.data)] : [],
      );
      equal(new Set(asked).size, asked.length, 'a question is stored twice');
      const completed = new Set(
        entries.flatMap((entry) =>
          entry.kind === 'turn' && entry.data.state === 'completed' ? [entry.turnId] : [],
        ),
      );
      const shown = entries.flatMap((entry) =>
        entry.kind === 'message' && completed.has(entry.turnId) ? [messageText(entry.data)] : [],
      );
      equal(
        shown.map((_, index) => (index % 2 === 1 ? shown[index] : 'question')),
        shown.map((_, index) => (index % 2 === 1 ? 'noted' : 'question')),
      );
      for (const text of acknowledged)
        holds(shown.includes(text), `“${text}” was acknowledged and is not there`);
    },
  ),

  threadCase(
    'chat/concurrent',
    'turns of chats that run at the same time on one thread stay whole',
    async (subject) => {
      const chats = ['a', 'b', 'c'].map(
        (name) =>
          [
            name,
            chatOn(
              subject,
              scriptedModel(() => `to ${name}`),
            ).chat,
          ] as const,
      );
      await Promise.all(
        chats.map(async ([name, chat]) => {
          for (let round = 0; round < 5; round++)
            await rejectionOrAnswer(chat.generate({ messages: [user(`from ${name} ${round}`)] }));
        }),
      );
      const texts = await textsOf(subject.openThread({ store: subject.store, key }));
      holds(texts.length > 0 && texts.length % 2 === 0, `the view has ${texts.length} messages`);
      for (let index = 0; index < texts.length; index += 2)
        equal(texts[index + 1], `to ${texts[index]?.split(' ')[1]}`);
    },
  ),

  threadCase(
    'chat/whole-history',
    'with the whole history sent each time, each message is stored once',
    async (subject) => {
      const { openThread, withMemory, store } = subject;
      const thread = openThread({ store, key });
      const chat = withMemory(
        scriptedModel(() => 'ok'),
        { thread, input: 'whole', contextWindow: 100_000 },
      );
      const history = [user('one')];
      for (const next of ['two', 'three', 'end']) {
        // Sent again after a failure: what had been stored all the same is recognised.
        await again(() => chat.generate({ messages: history })).catch((error) => {
          holds(DivergedError.isInstance(error), String(error));
        });
        history.push(createMessage({ role: 'assistant', content: 'ok' }), user(next));
      }
      equal(await textsOf(thread), ['one', 'ok', 'two', 'ok', 'three', 'ok']);
    },
  ),

  threadCase('chat/generate', '`generate` answers what collecting `stream` answers', async (subject) => {
    const { chat } = chatOn(
      subject,
      scriptedModel(() => 'the same'),
    );
    const whole = await again(() => chat.generate({ messages: [user('hi')] }));
    const streamed = await again(() => collectStream(chat.stream({ messages: [user('hi')] })));
    equal(messageText(whole.message), messageText(streamed.message));
    equal(whole.finishReason, streamed.finishReason);
  }),
];

/** On a store that fails a turn may fail; whether it is whole is looked at in the log. */
async function rejectionOrAnswer(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (!isUnavailable(error)) throw error;
  });
}
