import { ModelError } from '@loci/core';
import { decisions, truncated } from '@loci/core/provider';

/** An answer without an end marker of either API. */
export function cutOff(): ModelError {
  return truncated('its end marker (`finish_reason`, or `response.completed`)');
}

/** `finish_reason: "error"`, by which compatible gateways report a failure of the model behind them. */
export function failedInside(): ModelError {
  return new ModelError('The vendor ended the answer with an error.', {
    ...decisions.server,
    scope: 'model',
    retry: 'other',
  });
}
