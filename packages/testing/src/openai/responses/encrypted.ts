const mark = 'gAAAAAB';

/** Reasoning in a form that only this vendor reads; a stand-in for encryption, and not a secret. */
export function encryptedBy(text: string): string {
  return mark + Buffer.from(JSON.stringify({ text })).toString('base64url');
}

/** Whether the vendor would recognise it as its own, whole and unchanged. */
export function isEncrypted(content: string): boolean {
  if (!content.startsWith(mark)) return false;
  try {
    const decoded = Buffer.from(content.slice(mark.length), 'base64url').toString();
    return encryptedBy((JSON.parse(decoded) as { readonly text: string }).text) === content;
  } catch {
    return false;
  }
}
