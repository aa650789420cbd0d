/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

/**
 * Removes these secrets from texts, also where they appear escaped (URL, JSON, base64), and what matches `pattern`: a
 * server may repeat a key in its errors, whole or in part. Secrets of one or two characters stay.
 *
 * @param pattern What keys of the vendor look like, with the flag `g`. @default none
 */
export function createScrub(secrets: readonly (string | undefined)[], pattern?: RegExp): Scrub {
  // Only errors need them.
  let forms: readonly string[] | undefined;
  return (text) => {
    forms ??= toForms(secrets);
    const left = forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text);
    return pattern ? left.replace(pattern, '[secret]') : left;
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
