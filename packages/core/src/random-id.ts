const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// Many at a time, because one draw costs as much as ten ids.
const pool = new Uint8Array(1024);
let left = 0;

/** 22 letters and digits from the platform's secure random source (about 131 bits). */
export function randomId(): string {
  let id = '';
  while (id.length < 22) {
    if (left === 0) left = crypto.getRandomValues(pool).length;
    const byte = pool[--left] ?? 255;
    // 248 is the largest multiple of 62 in a byte: taking more would favour some characters.
    if (byte < 248) id += alphabet[byte % 62];
  }
  return id;
}
