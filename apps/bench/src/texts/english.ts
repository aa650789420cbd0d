import { createRandom } from './random.js';

const words =
  `the of and a to in is that it was for on as with he be by at this had not are but from or have an they which one you
were all her she there would their we him been has when who will no more if out so up said what its about than into
them can only other time new some could these two may first then do any like my now over such our man me even most made
after also did many off before must well back through years much where your way down should because long each just
people state world government company system number question problem service information development international
different important something national experience community education university department management performance
understanding environment relationship organization application communication technology opportunity responsibility
afternoon kitchen letter garden window station captain morning mountain theatre machine coffee winter doctor bridge
mirror harbour silver whisper lantern orchard thunder velvet compass pilgrim quarrel saddle timber vineyard wardrobe
negotiate acknowledge nevertheless approximately extraordinary simultaneously bureaucratic photosynthesis
archaeological Mediterranean Shakespeare Copenhagen Wednesday Elizabeth Montgomery Zimbabwe Kowalski Nakamura`
    .split(/\s+/)
    .filter((word) => word !== '');
const ends = ['. ', '. ', '. ', '? ', '! ', '.\n', '.\n\n', '; ', ': ', '… '];

/** Text like English, of exactly this length: common words more often than rare ones, names, numbers and paragraphs. */
export function englishText(length: number, seed = 1): string {
  const random = createRandom(seed);
  const pick = (from: readonly string[], power: number) =>
    from[Math.floor(random() ** power * from.length)] as string;
  const parts: string[] = [];
  let size = 0;
  let begins = true;
  while (size < length) {
    const word = random() < 0.02 ? String(Math.floor(random() * 3000)) : pick(words, 2);
    const shown = begins ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    const fate = random();
    begins = fate < 0.07;
    const part = shown + (begins ? pick(ends, 1) : fate < 0.12 ? ', ' : fate < 0.13 ? '’s ' : ' ');
    parts.push(part);
    size += part.length;
  }
  return parts.join('').slice(0, length);
}
