import { type Heading, readHeading } from './headings.js';

/** A line that begins like one of these gives the model an order, wherever it stands. */
const orders =
  /^(?:you (?:must|should|need to|have to|are to|will) (?:now|immediately|next)\b|your (?:(?:next|first|new|current|only) )?(?:task|job|mission|assignment)\b|(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier|preceding)\b|you are (?:now )?(?:a|an|the) \w|system ?(?:prompt|message|override)?:|new instructions?:|deine? (?:nächste|neue|erste) (?:aufgabe|anweisung)|du (?:musst|sollst) (?:nun|jetzt)\b|ignoriere (?:alle )?(?:vorherigen|bisherigen))/iu;

/** One like these hands out work or announces it. In what is open, work may be named. */
const tasks =
  /^(?:(?:now,? )?please\b|(?:sure|certainly|absolutely|of course|understood|got it|alright|okay|ok)[,!.]|i will (?:now|next|then|begin|start|continue|proceed)\b|i['’]ll (?:now|next|then|begin|start|continue|proceed|get|go)\b|i(?: am|['’]m) (?:now )?(?:going to|about to|ready to)\b|let me (?:now|start|begin|continue|proceed|first|know)\b|let['’]?s (?:get (?:started|going|to work)|begin|start|continue|proceed|do (?:this|it|that)|move on|go ahead)\b|(?:continue|proceed|start|begin)(?:,| (?:now|by|with|from|to)\b)|go ahead\b|now,? (?:implement|write|create|build|fix|run|add|continue|proceed|finish|complete|start)\b|as (?:requested|instructed|you (?:asked|requested))\b|next,? (?:i(?: will|['’]ll)|you (?:should|must|need|will)|we (?:will|need|should))\b|bitte\b|ich werde (?:nun|jetzt|als nächstes)\b|als nächstes werde ich\b|lass uns (?:nun |jetzt )?(?:anfangen|beginnen|loslegen|weitermachen|starten)\b|fahre (?:nun |jetzt )?(?:fort|mit)\b)/iu;

/** Rules are often polite, and are told as they were given. */
const politeRule =
  /^(?:please|bitte)[, ]+(?:always|never|do not|don['’]t|avoid|only|keep|use|immer|nie|niemals|nicht|kein|nur|keep)\b/i;

/** Whether a line of the text addresses the model with a task, or announces work instead of telling what was. */
export function isTaskLike(lines: readonly string[]): boolean {
  let section: Heading | 'next' | undefined;
  for (const line of lines) {
    const found = readHeading(line);
    if (found) section = found.heading;
    else if (/^(?:#{1,6} |\*\*)\W*next\b/i.test(line)) section = 'next';
    const said = (found ? found.rest : line)
      .replace(/^(?:\s|[-*•+>#] ?|\d{1,3}[.)] |\[[ x]\] )+/i, '')
      .replace(/^[*_]+/, '');
    if (orders.test(said)) return true;
    const isOpen = section === '## Open' || section === 'next';
    const isRule = section === '## Constraints' && politeRule.test(said);
    if (!isOpen && !isRule && tasks.test(said)) return true;
  }
  return false;
}
