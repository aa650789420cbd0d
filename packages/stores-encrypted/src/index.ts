export { type EncryptedOptions, encrypted } from './encrypted.js';
export { DecryptionError } from './errors/decryption-error.js';
export { KeyErasedError } from './errors/key-erased-error.js';
export { KeyMissingError } from './errors/key-missing-error.js';
export { type KeyRingOptions, keyRing } from './key-ring.js';
export type { CurrentKey, KeyMaterial, Keys, PlatformKey } from './keys.js';
export { type RotateOptions, type RotationReport, rotate, type UnrotatedRecord } from './rotate.js';
export { type SubjectKeys, type SubjectKeysOptions, subjectKeys } from './subject-keys.js';
