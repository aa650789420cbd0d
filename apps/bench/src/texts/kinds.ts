import { englishText } from './english.js';
import { base64Alphabet, characterRange, createRandom, randomText } from './random.js';

const prose = {
  German: `Die Übermittlung der Daten erfolgt über eine verschlüsselte Verbindung, damit niemand mitlesen kann. Gestern
hat unsere Nachbarin erzählt, dass ihr Hund weggelaufen ist und erst am späten Abend zurückkam. Wer früh aufsteht,
erreicht den ersten Zug nach München noch vor sechs Uhr. Der Geschwindigkeitsbegrenzungsantrag wurde vom Gemeinderat
abgelehnt, obwohl viele Bürgerinnen und Bürger dafür waren. Bitte prüfen Sie die Rechnung und überweisen Sie den Betrag
innerhalb von vierzehn Tagen. Das Gedächtnis eines Gesprächs liegt in einer Datei, die auch nach einem Absturz lesbar
bleibt.`,
  Russian: `Мою собаку зовут Рекс, она любит бегать в парке и лаять на голубей. Вчера вечером мы долго разговаривали о
том, как быстро меняется город. Передача данных происходит по зашифрованному соединению, поэтому никто не может их
прочитать. Если вы встанете рано, то успеете на первый поезд до Петербурга. Пожалуйста, проверьте счёт и переведите
сумму в течение двух недель. Память разговора хранится в файле, который можно прочитать даже после сбоя.`,
  Chinese: `我的狗叫雷克斯，它喜欢在公园里奔跑，也喜欢追鸽子。昨天晚上我们聊了很久，谈到这座城市变化得有多快。数据通过加密连接传输，
所以没有人能够读取。如果你早起，就能赶上去北京的第一班火车。请核对账单，并在两周之内付款。对话的记忆保存在一个文件里，即使程序崩溃也可以读取。
科学家认为，这项研究将帮助人们更好地理解气候变化的影响。`,
  Japanese: `私の犬の名前はレックスで、公園を走るのが大好きです。昨日の夜、街がどれほど早く変わっていくのか、長い間話し合いました。データは暗号化された
接続で送られるので、誰にも読まれません。早く起きれば、大阪行きの始発電車に間に合います。請求書を確認して、二週間以内にお支払いください。会話の記憶は一つのファイル
に保存され、プログラムが落ちた後でも読むことができます。`,
  Korean: `우리 강아지 이름은 렉스이고 공원에서 뛰어노는 것을 좋아합니다. 어젯밤 우리는 도시가 얼마나 빨리 변하는지 오랫동안 이야기했습니다. 데이터는
암호화된 연결로 전송되므로 아무도 읽을 수 없습니다. 일찍 일어나면 부산으로 가는 첫 기차를 탈 수 있습니다. 청구서를 확인하시고 이 주 안에 입금해 주세요. 대화의
기억은 하나의 파일에 저장되며 프로그램이 멈춘 뒤에도 읽을 수 있습니다.`,
  Arabic: `اسم كلبي ريكس، وهو يحب الجري في الحديقة ومطاردة الحمام. تحدثنا طويلا مساء أمس عن سرعة تغير المدينة. تنتقل البيانات عبر اتصال
مشفر، ولذلك لا يستطيع أحد قراءتها. إذا استيقظت مبكرا فسوف تلحق بأول قطار إلى القاهرة. يرجى مراجعة الفاتورة وتحويل المبلغ خلال أسبوعين. تحفظ
ذاكرة المحادثة في ملف يمكن قراءته حتى بعد توقف البرنامج.`,
  Hindi: `मेरे कुत्ते का नाम रेक्स है और उसे पार्क में दौड़ना पसंद है। कल शाम हमने देर तक बात की कि शहर कितनी तेज़ी से बदल रहा है। डेटा एक
एन्क्रिप्टेड कनेक्शन से भेजा जाता है, इसलिए कोई उसे पढ़ नहीं सकता। अगर आप जल्दी उठेंगे तो दिल्ली जाने वाली पहली ट्रेन पकड़ लेंगे। कृपया बिल की
जाँच करें और दो सप्ताह के भीतर राशि भेज दें। बातचीत की याददाश्त एक फ़ाइल में रहती है जिसे प्रोग्राम रुकने के बाद भी पढ़ा जा सकता है।`,
} as const;

const code = `import { readFile } from 'node:fs/promises';

/** Sums the second column of a table; throws where a line has none. */
export async function sumColumn(path: string, separator = ','): Promise<number> {
  const lines = (await readFile(path, 'utf8')).split('\\n');
  let total = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const value = Number(line.split(separator)[1]);
    if (Number.isNaN(value)) throw new Error(\`line \${index + 1}: no number in the second column\`);
    total += value;
  }
  return total;
}

def fibonacci(n: int) -> list[int]:
    """Return the first n Fibonacci numbers."""
    numbers = [0, 1]
    while len(numbers) < n:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[:n]
`;

/** About 20,000 characters of each kind of text that an agent meets, made here. */
export function textKinds(): Readonly<Record<string, string>> {
  const random = createRandom(7);
  const number = (below: number) => Math.floor(random() * below);
  const hex = (length: number) => randomText([...'0123456789abcdef'], length, number(1e9));
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const level = () => ['INFO', 'WARN', 'ERROR', 'DEBUG'][number(4)];
  const clock = () =>
    `${String(number(24)).padStart(2, '0')}:${String(number(60)).padStart(2, '0')}:${String(number(60)).padStart(2, '0')}`;
  return {
    English: englishText(20_000),
    ...prose,
    code,
    JSON: JSON.stringify(
      Array.from({ length: 120 }, (_, id) => ({
        id,
        name: `item ${number(500)}`,
        price: number(99_999) / 100,
        tags: ['new', 'sale'].slice(number(3)),
        active: random() < 0.5,
        owner: null,
      })),
    ),
    logs: lines(
      200,
      () =>
        `2026-11-20T${clock()}.${number(999)}Z ${level()} [worker-${number(16)}] request ${hex(8)}-${hex(4)} GET /api/v1/items/${number(9999)} took ${number(2000)} ms, status ${[200, 404, 500][number(3)]}`,
    ),
    CSV: lines(
      400,
      (index) =>
        `${index},2026-${1 + number(12)}-${1 + number(28)},${number(100_000) / 100},${['Berlin', 'Paris', 'Oslo'][number(3)]},${number(1000)}`,
    ),
    base64: randomText(base64Alphabet, 20_000, 3),
    emoji: lines(
      200,
      () =>
        `${randomText(characterRange(0x1f600, 64), 1 + number(4), number(1e9))} nice ${['👍🏽', '❤️', '🇩🇪', '👩‍👩‍👧'][number(4)]}`,
    ),
  };
}
