import type { Route } from './route.js';

/**
 * A route as lines to read, the outcome first.
 *
 * @example
 * console.log(printRoute(routeOf(response)));
 */
export function printRoute(route: Route): string {
  const { call, outcome, answeredBy, ms, cost, strategy } = route;
  const steps = [
    ...route.waits.map((wait) => ({ at: wait.atMs, text: `waited ${wait.ms} ms: ${wait.why}` })),
    ...route.attempts.map((attempt) => ({ at: attempt.atMs, text: toText(attempt) })),
  ].sort((a, b) => a.at - b.at);
  return [
    `call ${call}: ${outcome === 'success' ? `answered by ${answeredBy}` : `failed (${outcome})`} in ${ms} ms, ${
      cost === null ? 'cost unknown' : `$${cost}`
    }`,
    `  order (${strategy}): ${route.ranking.map(({ id, why }) => `${id} (${why})`).join(', ') || 'nobody'}`,
    ...route.excluded.map(({ id, reason }) => `  left out: ${id}: ${reason}`),
    ...steps.map(({ at, text }) => `  +${at} ms ${text}`),
  ].join('\n');
}

function toText({
  id,
  why,
  result,
  ms,
  firstContentMs,
  usage,
  cost,
  status,
}: Route['attempts'][number]): string {
  const details = [
    `${ms} ms`,
    ...(firstContentMs === null ? [] : [`first content ${firstContentMs} ms`]),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(usage === null ? [] : [`${usage['input']} + ${usage['output']} tokens`]),
    ...(cost === null ? [] : [`$${cost}`]),
  ];
  return `${id}: ${result} (${details.join(', ')}); ${why}`;
}
