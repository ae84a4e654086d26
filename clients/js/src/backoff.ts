const base = 1_000;
const cap = 30_000;

/**
 * How long to wait before the next attempt, in ms: full jitter, anywhere from 0 to a bound that doubles with each failure in a row, so that
 * clients which lost the same service do not come back together. What the server asks for (`Retry-After`) comes before it.
 */
export const backoff = (failures: number, retryAfter = 0): number =>
  retryAfter * 1000 + Math.random() * Math.min(cap, base * 2 ** failures);
