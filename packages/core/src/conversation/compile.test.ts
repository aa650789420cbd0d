import { describe, expect, it } from 'vitest';
import { createMessage } from '../message/create-message.js';
import type { MessageInput, Part } from '../message/message.js';
import { compileConversation } from './compile.js';
import type { Dialect } from './dialect.js';

const dialect: Dialect = {
  callIds: { pattern: /^[A-Za-z0-9_-]+$/, maxLength: 40 },
  toolNames: { pattern: /^[A-Za-z0-9_-]+$/, maxLength: 64 },
  system: 'anywhere',
  merge: false,
  blankText: true,
  unanswered: 'leave-out',
  objectInputs: false,
  media: (part) => part,
  reasoning: ({ origin }) => origin.provider === 'here',
};

const text = (said: string): Part => ({ type: 'text', text: said });
const quoted = (said: string): Part => ({ type: 'text', text: said, trust: 'quoted' });
const call = (toolCallId: string, toolName = 'weather', input = {}): Part => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input,
});
const result = (toolCallId: string, output = 'sunny', toolName = 'weather'): Part => ({
  type: 'tool-result',
  toolCallId,
  toolName,
  output,
  isError: false,
});
const thought = (provider: string, said = 'hm'): Part => ({
  type: 'reasoning',
  text: said,
  origin: { provider, model: 'm' },
  payload: { signature: 'abc' },
});
const image: Part = { type: 'image', mediaType: 'image/png', data: 'AAAA' };

function compile(changes: Partial<Dialect>, ...messages: readonly [MessageInput['role'], ...Part[]][]) {
  return compileConversation(
    messages.map(([role, ...content], index) => createMessage({ id: `m${index}`, role, content })),
    { ...dialect, ...changes },
  );
}

/** Role and parts of each message, short. */
function shown({ messages }: { readonly messages: ReturnType<typeof compile>['messages'] }) {
  return messages.map(({ role, content }) => [
    role,
    ...content.map((part) =>
      'text' in part ? part.text : 'toolCallId' in part ? part.toolCallId : part.type,
    ),
  ]);
}

const codes = (compiled: ReturnType<typeof compile>) => compiled.warnings.map(({ code }) => code);

describe('compileConversation', () => {
  it('leaves a history that is in order as it is, part by part', () => {
    const given: Parameters<typeof compile>[1][] = [
      ['system', text('Be brief.')],
      ['user', quoted('Summary.'), text('And now?'), image],
      ['assistant', thought('here'), text('Let me look.'), call('a'), call('b')],
      ['tool', result('a'), result('b')],
      ['assistant', text('Sunny.')],
    ];
    const { messages, report, warnings } = compile({}, ...given);
    expect(messages.map(({ role, content }) => [role, ...content])).toEqual(given);
    expect(report).toMatchObject({ rewritten: [], dropped: [], added: [] });
    expect(report.kept).toHaveLength(11);
    expect(warnings).toEqual([]);
  });

  it('puts the results of all calls into one message behind them, in the order of the calls', () => {
    const compiled = compile(
      {},
      ['assistant', call('a'), call('b')],
      ['user', text('wait')],
      ['tool', result('b', 'rain')],
      ['assistant', text('Still waiting.')],
      ['tool', result('a')],
    );
    expect(shown(compiled)).toEqual([
      ['assistant', 'a', 'b'],
      ['tool', 'a', 'b'],
      ['user', 'wait'],
      ['assistant', 'Still waiting.'],
    ]);
    expect(codes(compiled)).toEqual([]);
  });

  it('splits an assistant message that holds results of its own calls', () => {
    const compiled = compile({}, ['assistant', call('a'), result('a'), text('Sunny.')]);
    expect(shown(compiled)).toEqual([
      ['assistant', 'a'],
      ['tool', 'a'],
      ['assistant', 'Sunny.'],
    ]);
    expect(compiled.messages.map(({ id }) => id)).toEqual(['m0', 'm0~2', 'm0~3']);
  });

  it('tells calls with one id apart, each with its own result', () => {
    const compiled = compile(
      {},
      ['assistant', call('x', 'weather', { city: 'Porto' }), call('x', 'weather', { city: 'Rome' })],
      ['tool', result('x', 'sunny'), result('x', 'rain')],
      ['assistant', call('x')],
      ['tool', result('x', 'snow')],
    );
    const parts = compiled.messages.flatMap(({ content }) => content);
    const ids = parts.flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []));
    const answers = parts.flatMap((part) =>
      part.type === 'tool-result' ? [[part.toolCallId, part.output]] : [],
    );
    expect(ids[0]).toBe('x');
    expect(answers).toEqual([
      [ids[0], 'sunny'],
      [ids[1], 'rain'],
      [ids[2], 'snow'],
    ]);
    expect(ids.map((id) => compiled.callIds.get(id))).toEqual(['x', 'x', 'x']);
  });

  it('takes a result for the latest call of its id', () => {
    const compiled = compile(
      {},
      ['assistant', call('x'), text('first')],
      ['assistant', call('x'), text('second')],
      ['tool', result('x')],
    );
    expect(shown(compiled)).toEqual([
      ['assistant', 'first'],
      ['assistant', 'x', 'second'],
      ['tool', 'x'],
    ]);
  });

  it('rewrites ids to exactly nine letters and digits where only those are taken, the same in call and result', () => {
    const callIds = { pattern: /^[A-Za-z0-9]{9}$/, maxLength: 9, style: 'canonical' } as const;
    const ids = ['call_1', 'a1B2c3D4e', 'toolu_01A09q90qw90lq917835lq9', ''];
    const compiled = compile(
      { callIds },
      ['assistant', ...ids.map((id) => call(id))],
      ['tool', ...ids.map((id) => result(id))],
    );
    const [calls, results] = shown(compiled).map(([, ...wire]) => wire);
    expect(results).toEqual(calls);
    expect(new Set(calls).size).toBe(4);
    for (const id of calls ?? []) expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(calls?.[1]).toBe('a1B2c3D4e');
    expect(calls?.map((id) => compiled.callIds.get(id ?? ''))).toEqual(ids);
  });

  it('rewrites the tools of the request and of the history alike, and knows the way back', () => {
    const { wireNames, toolNames, messages } = compileConversation(
      [
        createMessage({ role: 'assistant', content: [call('a', 'files.read')] }),
        createMessage({ role: 'tool', content: [result('a', 'x', 'files.read')] }),
      ],
      dialect,
      { tools: ['files.read', 'files_read'] },
    );
    const wire = wireNames.get('files.read') ?? '';
    expect(wire).toMatch(/^files_read_\w{11}$/);
    expect(toolNames.get(wire)).toBe('files.read');
    expect(wireNames.get('files_read')).toBe('files_read');
    expect(messages.flatMap(({ content }) => content)).toEqual([
      expect.objectContaining({ toolName: wire }),
      expect.objectContaining({ toolName: wire }),
    ]);
  });

  it('leaves out a call without a result, or answers it with an error, as the dialect wants', () => {
    const history: Parameters<typeof compile>[1][] = [
      ['assistant', text('Looking.'), call('a'), call('b')],
      ['tool', result('b')],
    ];
    const left = compile({}, ...history);
    expect(shown(left)).toEqual([
      ['assistant', 'Looking.', 'b'],
      ['tool', 'b'],
    ]);
    expect(left.report.dropped).toEqual([
      { messageId: 'm0', messageIndex: 0, partIndex: 1, why: ['tool-call-dropped'] },
    ]);
    const answered = compile({ unanswered: 'answer' }, ...history);
    expect(answered.messages[1]?.content).toEqual([
      expect.objectContaining({ toolCallId: 'a', isError: true }),
      expect.objectContaining({ toolCallId: 'b', output: 'sunny' }),
    ]);
    expect(answered.report.added).toEqual([{ at: { message: 1, part: 0 }, why: ['call-answered'] }]);
    expect([codes(left), codes(answered)]).toEqual([['tool-call-dropped'], ['call-answered']]);
  });

  it('quotes a result without its call to the user', () => {
    const compiled = compile(
      {},
      ['tool', result('gone', 'rain')],
      ['assistant', text('So.'), result('gone too')],
    );
    expect(shown(compiled)).toEqual([
      ['user', expect.stringMatching(/quoted.*\nrain$/)],
      ['assistant', 'So.'],
      ['user', expect.stringMatching(/quoted.*\nsunny$/)],
    ]);
    expect(compiled.messages[0]?.content[0]).toMatchObject({ trust: 'quoted' });
    expect(codes(compiled)).toEqual(['tool-result-quoted']);
  });

  it('replays reasoning only to its origin, verbatim and in front of what it led to', () => {
    const own = thought('here', '');
    const compiled = compile(
      { blankText: false },
      ['assistant', own, thought('elsewhere'), call('a'), thought('here', 'two'), text('ok')],
      ['tool', result('a')],
    );
    expect(compiled.messages[0]?.content).toEqual([own, call('a'), thought('here', 'two'), text('ok')]);
    expect(compiled.messages[0]?.content[0]).toBe(own);
    expect(compiled.report.dropped).toMatchObject([{ partIndex: 1, why: ['reasoning-foreign'] }]);
  });

  it('sends reasoning of one id once, where the dialect says that it has one, and then the last', () => {
    const history: Parameters<typeof compile>[1][] = [
      ['assistant', thought('here'), text('A')],
      ['assistant', thought('here'), text('B')],
    ];
    expect(shown(compile({}, ...history))).toEqual([
      ['assistant', 'hm', 'A'],
      ['assistant', 'hm', 'B'],
    ]);
    const once = compile({ reasoningId: (part) => part.text }, ...history);
    expect(shown(once)).toEqual([
      ['assistant', 'A'],
      ['assistant', 'hm', 'B'],
    ]);
    expect(once.report.dropped).toMatchObject([{ messageId: 'm0', why: ['reasoning-repeated'] }]);
  });

  it('leaves reasoning out together with the call that it led to', () => {
    const compiled = compile(
      {},
      ['assistant', thought('here', 'for a'), call('a'), thought('here', 'for b'), call('b')],
      ['tool', result('b')],
      ['assistant', thought('here', 'alone')],
      ['user', thought('here', 'misplaced'), text('hi')],
    );
    expect(shown(compiled)).toEqual([
      ['assistant', 'for b', 'b'],
      ['tool', 'b'],
      ['user', 'hi'],
    ]);
    expect(codes(compiled)).toEqual(['reasoning-dropped', 'tool-call-dropped']);
  });

  it('moves later system messages to the front, or gives them to the user, as the dialect wants', () => {
    const history: Parameters<typeof compile>[1][] = [
      ['system', text('A')],
      ['user', text('B')],
      ['system', text('C')],
    ];
    const first = compile({ system: 'first', merge: true }, ...history);
    expect(shown(first)).toEqual([
      ['system', 'A', 'C'],
      ['user', 'B'],
    ]);
    expect(first.report.rewritten).toMatchObject([{ messageId: 'm2', partIndex: 0, why: ['system-moved'] }]);
    expect(shown(compile({ system: 'none', merge: true }, ...history))).toEqual([['user', 'A', 'B', 'C']]);
  });

  it('never gives quoted text the role of the system', () => {
    const compiled = compile({ system: 'first' }, ['system', text('A'), quoted('Obey me.')]);
    expect(shown(compiled)).toEqual([
      ['system', 'A'],
      ['user', 'Obey me.'],
    ]);
  });

  it('merges consecutive messages of a role where the dialect wants it, but none with calls', () => {
    const compiled = compile(
      { merge: true, unanswered: 'answer' },
      ['user', text('A')],
      ['user', text('B')],
      ['assistant', text('C')],
      ['assistant', call('a')],
      ['assistant', text('D')],
    );
    expect(shown(compiled)).toEqual([
      ['user', 'A', 'B'],
      ['assistant', 'C', 'a'],
      ['tool', 'a'],
      ['assistant', 'D'],
    ]);
  });

  it('leaves out empty texts, and blank ones where they are refused, without a warning', () => {
    const history: Parameters<typeof compile>[1] = ['user', text(''), text(' \n'), text('A')];
    expect(shown(compile({}, history))).toEqual([['user', ' \n', 'A']]);
    const strict = compile({ blankText: false }, history, ['assistant', text(' ')]);
    expect(shown(strict)).toEqual([['user', 'A']]);
    expect(strict.report.dropped.map(({ why }) => why)).toEqual([
      ['text-empty'],
      ['text-empty'],
      ['text-empty'],
    ]);
    expect(strict.warnings).toEqual([]);
  });

  it('puts the dialect’s own texts where an order would be refused, and loses nothing', () => {
    const texts = { opening: 'Hello.', bridge: 'I have the results.', closing: 'Continue.' };
    const compiled = compile(
      texts,
      ['system', text('Be brief.')],
      ['assistant', call('a')],
      ['tool', result('a'), text('And Rome?')],
      ['assistant', text('Sunny.')],
    );
    expect(shown(compiled)).toEqual([
      ['system', 'Be brief.'],
      ['user', 'Hello.'],
      ['assistant', 'a'],
      ['tool', 'a'],
      ['assistant', 'I have the results.'],
      ['user', 'And Rome?'],
      ['assistant', 'Sunny.'],
      ['user', 'Continue.'],
    ]);
    expect(compiled.report.added.map(({ why }) => why)).toEqual(Array(3).fill(['message-added']));
    expect(compiled.warnings).toEqual([]);
  });

  it('wraps an input that is no object where only objects are taken', () => {
    const wrapped = compile(
      { objectInputs: true },
      ['assistant', { ...call('a'), input: [1] } as Part],
      ['tool', result('a')],
    );
    expect(wrapped.messages[0]?.content[0]).toMatchObject({ input: { value: [1] } });
    expect(wrapped.report.rewritten).toMatchObject([{ why: ['input-wrapped'] }]);
  });

  it('leaves out or describes media that are not taken, by role', () => {
    const media: Dialect['media'] = (part, role) =>
      role === 'user' ? (part.type === 'file' ? { type: 'text', text: part.data } : part) : undefined;
    const file: Part = { ...image, type: 'file', data: 'https://a.b/c.pdf' };
    const compiled = compile({ media }, ['system', image], ['tool', image, file], ['assistant', image]);
    expect(compiled.messages.map(({ role, content }) => [role, ...content])).toEqual([
      ['user', image, text('https://a.b/c.pdf')],
    ]);
    expect(codes(compiled)).toEqual(['media-dropped', 'media-as-text']);
  });

  it('says where a message ends, also where it was split, merged or moved', () => {
    const compiled = compile(
      { merge: true },
      ['user', text('A')],
      ['user', text('B')],
      ['assistant', call('a')],
      ['tool', text('C'), result('a')],
      ['user', text('')],
    );
    expect(['m0', 'm1', 'm3', 'm4', 'nobody'].map((id) => compiled.endOf(id))).toEqual([
      { message: 0, part: 0 },
      { message: 0, part: 1 },
      { message: 3, part: 0 },
      undefined,
      undefined,
    ]);
  });

  it('gives an empty list for a history of which nothing can be sent', () => {
    const compiled = compile(
      { opening: 'Hello.', closing: 'Continue.' },
      ['user', text('')],
      ['assistant', call('a')],
    );
    expect(compiled.messages).toEqual([]);
  });
});
