import fc from 'fast-check';

/** Ordinary text of many kinds, made here: words of several scripts, code, JSON, logs, tables and marks. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  English: ["don't", 'The', 'memory', 'agent’s', 'quickly', 'WE’LL', "I'VE", 'of', 'understanding', 'e.g.'],
  German: ['Übermittlung', 'größte', 'Straßenbahnhaltestelle', 'und', 'für', 'Verschlüsselung', 'läuft'],
  Russian: ['собаку', 'зовут', 'Рекс', 'она', 'любит', 'бегать', 'ПАРКЕ'],
  Chinese: ['我的狗叫雷克斯', '它喜欢', '公园', '，', '。', '记忆'],
  Japanese: ['犬の名前は', 'レックス', 'です', '。', '記憶', 'メモリー'],
  Korean: ['우리', '강아지', '이름은', '렉스입니다'],
  Arabic: ['كلبي', 'اسمه', 'ريكس', '،', 'ويحب'],
  Hindi: ['मेरे', 'कुत्ते', 'का', 'नाम', 'रेक्स', 'है।'],
  Thai: ['สุนัขของฉัน', 'ชื่อเร็กซ์', 'ชอบวิ่ง'],
  code: [
    'const',
    'x =',
    '=> {',
    '});',
    '// note',
    'camelCaseName',
    'HTTPServer2',
    '\t\t',
    '[0]',
    '&&',
    '"a\\nb"',
  ],
  data: [
    '{"id":4711,',
    '"ok":true}',
    '2026-11-20T08:15:30.123Z',
    'ERROR',
    '0x1F',
    '10,25;',
    '50%',
    'a/b/c.ts',
  ],
  marks: [
    '😀',
    '👩‍👩‍👧',
    '🇩🇪',
    'e\u0301',
    '—',
    '“quoted”',
    '...',
    '\u00a0',
    '\u3000',
    '\ufeff',
    '\u0085',
    '\ud83d',
    '<|endoftext|>',
  ],
};
const gaps = ['', ' ', ' ', ' ', '  ', '\n', '\n\n', '\r\n', '    ', '\t', ', ', '. ', ' \n '];

const text = fc.constantFrom(...Object.values(scripts)).chain((words) =>
  fc
    .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...gaps)), { maxLength: 60 })
    // Nothing that a reader would call one unbroken run.
    .map((pairs) => pairs.map(([word, gap], index) => word + (index % 7 === 6 ? ' ' : gap)).join('')),
);

export const ordinaryText = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.array(text, { minLength: 20, maxLength: 40 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.base64String({ maxLength: 3000 }).filter((given) => !/[a-zA-Z]{200}/.test(given)),
  fc.json(),
);

/** Runs without a break: one character, a few in a circle, or random ones of one script. */
export const longRun = fc
  .constantFrom(
    'abcdefgh',
    'aAbB',
    '-=',
    '=-_*#~.',
    ' ',
    ' \t',
    '\n',
    '0123456789',
    '({[]});',
    'абвгд',
    '界世人大',
    '😀😁😂🎉',
    'กขคง',
    'あいう',
  )
  .chain((script) => {
    const characters = fc.constantFrom(...script);
    const size = fc.integer({ min: 300, max: 900 });
    const repeated = fc
      .tuple(fc.array(characters, { minLength: 1, maxLength: 9 }), size)
      .map(([unit, length]) => unit.join('').repeat(Math.ceil(length / unit.length)));
    return fc.oneof(
      repeated,
      fc.array(characters, { minLength: 300, maxLength: 600 }).map((all) => all.join('')),
    );
  });
