/** Tells how far long work is, lets the process breathe, and ends it when asked. */
export type Pace = (name: string, done: number, of: number, unit: string) => Promise<void> | undefined;

export type OnStage = (name: string, done: number, of: number, unit: string) => void;

/** `done` counts finished items from 0. Most calls cost one look at the clock; every 50 ms the event loop gets its turn. */
export function createPace(onStage: OnStage | undefined, signal: AbortSignal | undefined): Pace {
  let last = performance.now();
  return (name, index, of, unit) => {
    const now = performance.now();
    const ends = index + 1 === of;
    if (!ends && now - last < 50) return undefined;
    last = now;
    signal?.throwIfAborted();
    onStage?.(name, index + 1, of, unit);
    return new Promise((resolve) => setImmediate(resolve));
  };
}
