import { hashText } from '../message/hash.js';

/** Which names (of tools) or ids (of calls) a vendor takes. */
export interface NameRule {
  /** Names that are taken as they are. */
  readonly pattern: RegExp;
  readonly maxLength: number;
  /**
   * How other names are rewritten. `readable`: what fits of them, and a hash; needs a pattern that takes `A–Z a–z 0–9 _`
   * and 24 characters. `canonical`: `maxLength` letters and digits, of a hash alone. @default 'readable'
   */
  readonly style?: 'readable' | 'canonical';
}

/**
 * Names that the vendor takes, one for each given name. A name that fits stays as it is; another one is rewritten, the
 * same in every request, and never to a name that is already taken.
 */
export function toWireNames(names: Iterable<string>, rule: NameRule): Map<string, string> {
  const all = [...new Set(names)];
  const name = createNaming(all, rule);
  return new Map(all.map((given) => [given, name(given)]));
}

/**
 * Gives a wire name for each given one, in order: the second use of a name gets another one. `all` are the names to
 * come, so that no rewritten name takes the place of one that fits.
 */
export function createNaming(all: Iterable<string>, rule: NameRule): (name: string) => string {
  const fits = (name: string) => name.length <= rule.maxLength && rule.pattern.test(name);
  const taken = new Set<string>();
  for (const name of all) if (fits(name)) taken.add(name);
  const uses = new Map<string, number>();
  return (name) => {
    let use = uses.get(name) ?? 0;
    let wire = name;
    if (use > 0 || !fits(name)) {
      do {
        wire = rewrite(name, use === 0 ? name : `${use}:${name}`, rule);
        use += 1;
      } while (taken.has(wire));
      taken.add(wire);
    }
    uses.set(name, Math.max(use, 1));
    return wire;
  };
}

function rewrite(name: string, seed: string, { maxLength, style }: NameRule): string {
  const hash = hashText(seed);
  if (style === 'canonical') return toBase62(hash).padStart(maxLength, '0').slice(-maxLength);
  return `${name.slice(0, maxLength - 12).replace(/[^A-Za-z0-9_-]/g, '_')}_${hash}`;
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The 53 bits of a hash in nine characters. */
function toBase62(hash: string): string {
  let text = '';
  for (let left = Number.parseInt(hash, 36); left > 0; left = Math.floor(left / 62))
    text = digits[left % 62] + text;
  return text;
}
