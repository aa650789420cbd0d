// `Uint8Array.prototype.toBase64` is missing before Node 25, and `Buffer` outside Node.
const charactersAtOnce = 0x2000;

/** Standard base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // More arguments than this overflow the stack of some engines.
  for (let at = 0; at < bytes.length; at += charactersAtOnce)
    binary += String.fromCharCode(...bytes.subarray(at, at + charactersAtOnce));
  return btoa(binary);
}

/** The bytes, or `undefined` for every text that `toBase64` does not make: no two texts stand for the same bytes. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  if (btoa(binary) !== text) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
