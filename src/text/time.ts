/** `48 s`, `1 min 05 s`, `2 h 04 min`; below ten seconds `8.1 s` where tenths are asked for. */
export function showTime(seconds: number, { tenths = false } = {}): string {
  if (tenths && seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (n: number): string => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
