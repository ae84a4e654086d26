/** What tells time is told every second that it is later, while the page is seen. */
const told = new Set<(now: number) => void>();

setInterval(() => {
  if (document.visibilityState != 'hidden') told.forEach((tell) => tell(Date.now()));
}, 1000);

/** @returns What ends it. */
export function everySecond(tell: (now: number) => void): () => void {
  told.add(tell);
  tell(Date.now());
  return () => void told.delete(tell);
}
