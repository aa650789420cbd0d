import { hashText } from '@loci/core';

// No cryptography: the judge only has to tell its own signatures from everything else.
const version = 'LoCi';

/** The signature of a thinking block: it fits this text and this model and no other. */
export function signThinking(model: string, thinking: string): string {
  return `${version}${hashText(`${model}\n${thinking}`)}${hashText(`${thinking}\n${model}`)}==`;
}

/** The data of a `redacted_thinking` block, which only this model reads again. */
export function sealThinking(model: string, thinking: string): string {
  const sealed = Buffer.from(thinking, 'utf8').toString('base64url');
  return `${sealed}.${signThinking(model, thinking)}`;
}

export function isSealed(model: string, data: string): boolean {
  const [sealed = ''] = data.split('.');
  return data === sealThinking(model, Buffer.from(sealed, 'base64url').toString('utf8'));
}
