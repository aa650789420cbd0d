/** Promises of threads that core does not keep yet, on any store. Each fails as soon as core keeps it: then it goes. */
export const coreGaps = {
  'pending/positions':
    'core: a reader that saw queued entries takes them for queued after they were stored, until something is appended',
  'expiry/under-reader':
    'core: a view under which the log expires rejects with DamagedRecordError in place of an empty view',
};
