/** The whole number of units of 10⁻ᵖˡᵃᶜᵉˢ in a plain decimal text, or `undefined` where it is none or is finer. */
export function readDecimal(text: string, places: number): bigint | undefined {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,60})(?:\.(\d{1,60}))?$/.exec(text) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (whole === undefined || digits.length > places) return undefined;
  const units = BigInt(whole + digits.padEnd(places, '0'));
  return sign ? -units : units;
}
