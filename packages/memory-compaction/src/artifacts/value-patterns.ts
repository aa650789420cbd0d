import type { ArtifactKind } from './artifact.js';

/** One way in which a value is written. Of several that match at one place the first wins. */
interface ValuePattern {
  readonly kind: ArtifactKind;
  /** Every repetition is bounded, so that a search is linear in the length of the text. */
  readonly pattern: string;
  /** What a pattern cannot say. */
  readonly accepts?: (value: string) => boolean;
}

const line = String.raw`(?::\d{1,7}(?:[:-]\d{1,7})?|#L\d{1,7}(?:-L?\d{1,7})?)?`;
const segment = String.raw`(?:[\p{L}\p{N}_.@+~$-]|\[[\w.]{1,40}\]){1,120}`;
const extensions =
  'tsx?|jsx?|[mc][jt]s|json[l5]?|ya?ml|toml|ini|cfg|conf|env|mdx?|txt|[ct]sv|log|lock|pyi?|ipynb|rb|rs|go|java|kts?|scala|swift|cc?|hh?|[ch]pp|cs|php|html?|s?css|sass|less|vue|svelte|astro|xml|svg|png|jpe?g|gif|webp|ico|pdf|docx?|xlsx?|pptx?|zip|tar|t?gz|bz2|xz|7z|sql|db|sqlite3?|parquet|proto|graphql|gql|tf|[bz]?a?sh|ps1|bat|exe|dll|so|wasm|map|pem|key|crt|diff|patch|bak|mp[34]|mov|wav|webm|woff2?|lua|jl|exs?|dart|zig|nix|tex|bib|rst';
/** Names of libraries that only look like files. */
const libraries = /^(?:Node|Next|Vue|Nuxt|Three|Express|React|Chart|D3|Ember|Backbone|Alpine)\.js$/;
const months =
  '(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni|July?|Juli|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Okt(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|Dez(?:ember)?)';
const amount = String.raw`-?\d{1,15}(?:[.,]\d{1,15}){0,5}`;
const units =
  'ms|µs|ns|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|Sekunden?|Minuten?|Stunden?|Tagen?|Wochen?|Monaten?|Jahren?|[kKMGT]i?B|bytes?|tokens?|px|km|cm|mm|kg|mg|g|lbs?|miles?|°[CF]|rpm|rps|qps|[kMG]?Hz|k?Wh?|[kMG]W|V|mAh';
const currencies = 'EUR|USD|GBP|CHF|JPY|dollars?|euros?|Euro|pounds?|cents?';
const errnos =
  'ACCES|ADDRINUSE|ADDRNOTAVAIL|AGAIN|AI_AGAIN|BADF|BUSY|CONNABORTED|CONNREFUSED|CONNRESET|DQUOT|EXIST|FAULT|FBIG|HOSTDOWN|HOSTUNREACH|INTR|INVAL|IO|ISDIR|LOOP|MFILE|MSGSIZE|NAMETOOLONG|NETDOWN|NETUNREACH|NFILE|NOBUFS|NODATA|NOENT|NOEXEC|NOMEM|NOSPC|NOSYS|NOTCONN|NOTDIR|NOTEMPTY|NOTFOUND|NOTSUP|OVERFLOW|PERM|PIPE|PROTO|RANGE|RESOLVE|ROFS|SOCKETTIMEDOUT|SRCH|STALE|TIMEDOUT|TIMEOUT|XDEV';
const reasons =
  'Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Request Timeout|Conflict|Gone|Payload Too Large|Unprocessable Entity|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout';
const failing = String.raw`(?=(?:[A-Z\d]{1,40}_){0,8}(?:ERR|ERROR|FAIL|FAILED|FAILURE|INVALID|DENIED|TIMEOUT|BUSY|EXCEEDED|NOT|UNAUTHORIZED|FORBIDDEN|REFUSED|LOCKED|CONFLICT|EXPIRED|MISSING|ABORTED)(?![A-Z\d]))`;
const capitals = String.raw`[A-Z][A-Z\d]{1,40}(?:_[A-Z\d]{1,40}){1,8}(?![\p{L}\p{N}_])`;
/** A name with marks in it is tried from its beginning only. */
const fresh = String.raw`(?<![.@+~$\]-])`;
/** Names of standards, which everybody can guess. */
const standards = /^(?:UTF|SHA|AES|RSA|MD|ISO|HTTP|HMAC|COVID|MP|H)-?\d/;

const hasDigit = (value: string) => /\d/.test(value);

/** In the order in which they are tried. URLs are found before all of these. */
export const valuePatterns: readonly ValuePattern[] = [
  { kind: 'id', pattern: String.raw`${fresh}[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}` },
  { kind: 'id', pattern: String.raw`[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}` },
  {
    kind: 'number',
    pattern: String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\p{L}\p{N}_/\\-])`,
  },
  { kind: 'number', pattern: String.raw`\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}/)(?:\d{4}|\d\d)(?![\p{L}\p{N}_/.])` },
  { kind: 'number', pattern: String.raw`\d{1,2}(?:st|nd|rd|th|\.)? ${months}(?: \d{4})?(?![\p{L}\p{N}_])` },
  { kind: 'number', pattern: String.raw`${months} \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?(?![\p{L}\p{N}_])` },
  { kind: 'number', pattern: String.raw`\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?[ap]m)?(?![\p{L}\p{N}_:])` },
  { kind: 'number', pattern: String.raw`\d{1,2} ?[ap]m(?![\p{L}\p{N}_])` },
  { kind: 'path', pattern: String.raw`[A-Za-z]:[\\/]{1,2}[^\s"'\x60<>|*?:,;()]{1,256}${line}` },
  { kind: 'id', pattern: String.raw`@[a-z\d][a-z\d-]{0,60}(?:/[a-z\d][a-z\d.-]{0,60}[a-z\d]){1,4}` },
  {
    kind: 'path',
    pattern: String.raw`(?<![/<])(?:~|\.{1,2})?(?:/${segment}){1,24}/?${line}`,
    accepts: (value) => /\p{L}/u.test(value) && (/^[~.]|.\/./.test(value) || hasExtension(value)),
  },
  { kind: 'path', pattern: `${fresh}(?:${segment}/){1,24}${segment}${line}`, accepts: hasExtension },
  { kind: 'error', pattern: String.raw`E(?:${errnos})(?![\p{L}\p{N}_])` },
  {
    kind: 'error',
    pattern: String.raw`(?:\w{1,40}\.){0,6}[A-Z]\w{1,60}(?:Error|Exception)(?![\p{L}\p{N}_])`,
  },
  { kind: 'error', pattern: String.raw`HTTP(?:/\d(?:\.\d)?)?[ -][1-5]\d\d(?!\d)` },
  { kind: 'error', pattern: String.raw`[45]\d\d (?:${reasons})` },
  { kind: 'error', pattern: String.raw`[Ss]tatus(?: ?[Cc]ode)?(?:: |[ =:])[1-5]\d\d(?!\d)` },
  {
    kind: 'error',
    pattern: String.raw`[Ee]xit(?:ed|s)?(?: with)?(?: (?:code|status|Code))(?:: |[ =:])-?\d{1,10}`,
  },
  { kind: 'error', pattern: 'SIG(?:ABRT|BUS|FPE|HUP|ILL|INT|KILL|PIPE|SEGV|TERM)' },
  { kind: 'error', pattern: String.raw`(?:E|TS|CS|P|ORA-|LNK|MSB|SQLSTATE )\d{3,6}(?![\p{L}\p{N}_-])` },
  {
    kind: 'path',
    pattern: String.raw`${fresh}[\p{L}\p{N}_.-]{1,100}\.(?:${extensions})(?![\p{L}\p{N}_])${line}`,
    accepts: (value) => !libraries.test(value),
  },
  {
    kind: 'path',
    pattern: String.raw`(?:(?:Docker|Make|Gem|Proc)file|\.(?:env|gitignore|npmrc|nvmrc|dockerignore|editorconfig)(?:\.[a-z]{1,20}){0,2})(?![\p{L}\p{N}_])`,
  },
  { kind: 'id', pattern: String.raw`\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?(?![\d.])` },
  { kind: 'id', pattern: String.raw`v?\d{1,5}\.\d{1,5}\.\d{1,6}(?:[-+][\w.-]{0,40}\w)?(?![\p{L}\p{N}_])` },
  { kind: 'id', pattern: String.raw`v\d{1,4}(?:\.\d{1,5})?(?![\p{L}\p{N}_.])` },
  { kind: 'id', pattern: String.raw`\+\d[\d ()-]{5,18}\d` },
  { kind: 'id', pattern: String.raw`0x[\da-fA-F]{2,64}` },
  {
    kind: 'id',
    pattern: String.raw`(?:[\da-f]{7,128}|[\dA-F]{7,128})(?![\p{L}\p{N}_])`,
    accepts: (value) => hasDigit(value) && /[a-fA-F]/.test(value),
  },
  { kind: 'id', pattern: String.raw`(?=[A-Z]{0,26}\d)[\dA-HJKMNP-TV-Z]{26}(?![\p{L}\p{N}_])` },
  {
    kind: 'id',
    pattern: String.raw`[A-Z][A-Z\d]{1,15}(?:-[A-Z\d]{1,16}){1,5}(?![\p{L}\p{N}_-])`,
    accepts: (value) => hasDigit(value) && !standards.test(value),
  },
  { kind: 'error', pattern: failing + capitals },
  { kind: 'id', pattern: capitals },
  {
    kind: 'id',
    pattern: String.raw`[A-Za-z]{2,20}(?:[_-][A-Za-z\d]{1,64}){1,8}(?![\p{L}\p{N}_-])`,
    accepts: isPrefixed,
  },
  {
    kind: 'id',
    pattern: String.raw`[A-Z]{1,5}\d{3,12}(?![\p{L}\p{N}_-])`,
    accepts: (value) => !standards.test(value),
  },
  { kind: 'id', pattern: String.raw`#\d{2,8}(?![\p{L}\p{N}_])` },
  { kind: 'id', pattern: String.raw`arn:[\w:/.*-]{5,200}\w` },
  {
    kind: 'number',
    pattern: String.raw`[$€£¥₹] ?${amount}(?: ?(?:k|K|M|bn|million|billion))?(?![\p{L}\p{N}_])`,
  },
  {
    kind: 'number',
    pattern: String.raw`${amount} ?(?:%|€|£|(?:percent|Prozent|${currencies}|${units})(?![\p{L}\p{N}_]))`,
    accepts: (value) => !/^\d\d\d?0s$/.test(value),
  },
  { kind: 'number', pattern: String.raw`[Pp]ort:? \d{2,5}` },
  {
    kind: 'number',
    pattern: amount,
    accepts: (value) => /\d{4}|\d[.,]\d{2}/.test(value),
  },
];

function hasExtension(path: string): boolean {
  return /[^/]\.[A-Za-z][A-Za-z\d]{0,9}(?:[:#][\dL:-]+)?$/.test(path);
}

/** `order_9f3k`, `chatcmpl-9Zk2`, `gpt-4o-mini`, but not `mid-1990s` or `top-10`. */
function isPrefixed(value: string): boolean {
  const pieces = value.split(/[_-]/).slice(1);
  const isMixed = (piece: string) =>
    hasDigit(piece) && /[A-Za-z]/.test(piece) && !/^\d+(?:s|st|nd|rd|th)$/.test(piece);
  if (value.includes('_')) return pieces.some((piece) => piece.length > 2 && hasDigit(piece));
  return pieces.some(isMixed) || (pieces.length > 1 && pieces.some(hasDigit));
}
