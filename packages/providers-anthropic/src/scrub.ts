/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

/**
 * Removes these secrets from texts, also where they appear escaped, and everything that looks like one of the vendor's
 * keys: servers may repeat a key in their errors, whole or in part.
 */
export function createScrub(secrets: readonly (string | undefined)[]): Scrub {
  // Only errors need them.
  let forms: readonly string[] | undefined;
  return (text) => {
    forms ??= toForms(secrets);
    return forms
      .reduce((left, form) => left.replaceAll(form, '[secret]'), text)
      .replace(/\bsk-[\w*-]{6,}/g, '[secret]');
  };
}

function toForms(secrets: readonly (string | undefined)[]): readonly string[] {
  return (
    secrets
      // One or two characters would blank out half of every message.
      .filter((secret): secret is string => secret !== undefined && secret.length > 2)
      .flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        btoa(toBytes(secret)),
      ])
      .sort((a, b) => b.length - a.length)
  );
}

/** `btoa` takes only characters up to 255. */
function toBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
