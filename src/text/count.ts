/** `1,174,244`. The platform's own formatting loads its tables first, which takes longer than checking a file. */
export function showCount(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}
