import { hashText } from '@loci/core';

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
      let wire = `${readable}_${hashText(name)}`;
      for (let round = 1; taken.has(wire); round++) wire = `${readable}_${hashText(`${round}:${name}`)}`;
      taken.add(wire);
      return [name, wire];
    }),
  );
}
