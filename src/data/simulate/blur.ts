/** A Gaussian over a square image, separated in rows and columns, cut at four sigmas; light that leaves is lost. */
export function gaussianBlur(image: Float64Array, size: number, sigma: number): Float64Array {
  if (sigma < 1e-3) return image;
  const reach = Math.ceil(4 * sigma);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = taps.reduce((a, b) => a + b, 0);
  const along = (from: Float64Array, step: number, across: number): Float64Array => {
    const out = new Float64Array(from.length);
    for (let line = 0; line < size; line++)
      for (let i = 0; i < size; i++) {
        let total = 0;
        const first = Math.max(0, i - reach);
        const last = Math.min(size - 1, i + reach);
        for (let k = first; k <= last; k++) total += taps[k - i + reach]! * from[line * across + k * step]!;
        out[line * across + i * step] = total / sum;
      }
    return out;
  };
  return along(along(image, 1, size), size, 1);
}
