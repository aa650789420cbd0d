const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 22 letters and digits from the platform's secure random source (about 131 bits). */
export function randomId(): string {
  let id = '';
  while (id.length < 22) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // 248 is the largest multiple of 62 in a byte: taking more would favour some characters.
      if (byte < 248 && id.length < 22) id += alphabet[byte % 62];
    }
  }
  return id;
}
