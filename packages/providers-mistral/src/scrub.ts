/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

/** Removes these secrets from texts, also where they appear escaped. The vendor's keys have no form of their own. */
export function createScrub(secrets: readonly (string | undefined)[]): Scrub {
  const forms = secrets
    // One or two characters would blank out half of every message.
    .filter((secret): secret is string => secret !== undefined && secret.length > 2)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      btoa(toBytes(secret)),
    ])
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((left, form) => left.replaceAll(form, '[secret]'), text);
}

/** `btoa` takes only characters up to 255. */
function toBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
