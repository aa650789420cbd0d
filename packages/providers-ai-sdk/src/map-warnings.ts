import type { SharedV4Warning } from '@ai-sdk/provider';
import type { Warning } from '@loci/core';

/** A warning of the AI SDK as one of core: its code is the feature or setting that it is about. */
export function mapWarning(warning: SharedV4Warning): Warning {
  switch (warning.type) {
    case 'unsupported':
      return {
        code: warning.feature,
        message: warning.details ?? `The model does not support ${warning.feature}.`,
      };
    case 'compatibility':
      return {
        code: warning.feature,
        message: warning.details ?? `The model takes ${warning.feature} only in another form.`,
      };
    case 'deprecated':
      return { code: warning.setting, message: warning.message };
    default:
      return { code: 'other', message: warning.message };
  }
}

/** A warning of core as one of the AI SDK. */
export function toAiSdkWarning({ code, message }: Warning): SharedV4Warning {
  return { type: 'unsupported', feature: code, details: message };
}
