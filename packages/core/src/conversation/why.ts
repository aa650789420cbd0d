/** Why a part is not what it was; each is also the code of a warning where the caller should know. */
export type LossReason =
  | 'call-answered'
  | 'call-id'
  | 'input-wrapped'
  | 'media-as-text'
  | 'media-dropped'
  | 'message-added'
  | 'quoted-as-user'
  | 'reasoning-dropped'
  | 'reasoning-foreign'
  | 'reasoning-repeated'
  | 'system-as-user'
  | 'system-moved'
  | 'text-empty'
  | 'tool-call-dropped'
  | 'tool-name'
  | 'tool-result-quoted';

/** What a warning says; `undefined` for what costs the model nothing. */
export const sentences: { readonly [R in LossReason]: string | undefined } = {
  'call-answered': 'A tool call without a result was answered with an error that says so.',
  'call-id': undefined,
  'input-wrapped': undefined,
  'media-as-text': 'A file that the vendor does not take by URL was named in a text.',
  'media-dropped': 'Images or files that the model does not take, or not in that role, were left out.',
  'message-added': undefined,
  'quoted-as-user': undefined,
  'reasoning-dropped': 'Reasoning was left out, because what it led to is not in the request.',
  'reasoning-foreign': undefined,
  'reasoning-repeated': undefined,
  'system-as-user': 'System messages were sent as the user’s: the model takes none.',
  'system-moved': 'A later system message was moved to the front, where alone the vendor takes it.',
  'text-empty': undefined,
  'tool-call-dropped': 'A tool call without a result, or outside an assistant message, was left out.',
  'tool-name': undefined,
  'tool-result-quoted': 'A tool result without its call was sent as quoted text.',
};
