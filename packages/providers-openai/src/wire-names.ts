/**
 * Names that the vendor takes, one for each given name: `[A-Za-z0-9_-]`, at most `maxLength` long. A name that fits stays
 * as it is; another one is rewritten, the same in every request, and never to a name that is already taken.
 */
export function toWireNames(names: Iterable<string>, maxLength: number): Map<string, string> {
  const all = [...new Set(names)];
  const fits = (name: string) => name.length > 0 && name.length <= maxLength && /^[A-Za-z0-9_-]+$/.test(name);
  const taken = new Set(all.filter(fits));
  return new Map(
    all.map((name) => {
      if (fits(name)) return [name, name];
      const readable = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - 12);
      let wire = `${readable}_${shortHash(name)}`;
      for (let round = 1; taken.has(wire); round++) wire = `${readable}_${shortHash(`${round}:${name}`)}`;
      taken.add(wire);
      return [name, wire];
    }),
  );
}

/** 11 letters and digits. Not for security. */
export function shortHash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36).padStart(11, '0');
}
