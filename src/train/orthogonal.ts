/**
 * A matrix of random numbers (row-major, `rows` by `columns`) made orthonormal along its shorter side: of normal numbers, one
 * drawn evenly from all such matrices (Stewart 1980). Gram and Schmidt's way, twice for each vector, so that rounding leaves no rest.
 */
export function orthogonal(numbers: Float32Array, rows: number, columns: number): Float32Array {
  const wide = rows < columns;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const at = (vector: number, i: number) => (wide ? vector * columns + i : i * columns + vector);
  const vectors: Float64Array[] = [];
  for (let v = 0; v < count; v++) {
    const own = Float64Array.from({ length }, (_, i) => numbers[at(v, i)]!);
    for (let pass = 0; pass < 2; pass++)
      for (const other of vectors) {
        let along = 0;
        for (let i = 0; i < length; i++) along += own[i]! * other[i]!;
        for (let i = 0; i < length; i++) own[i] = own[i]! - along * other[i]!;
      }
    let square = 0;
    for (let i = 0; i < length; i++) square += own[i]! * own[i]!;
    const scale = 1 / Math.sqrt(square);
    for (let i = 0; i < length; i++) own[i] = own[i]! * scale;
    vectors.push(own);
  }
  const out = new Float32Array(numbers.length);
  for (const [v, own] of vectors.entries()) for (let i = 0; i < length; i++) out[at(v, i)] = own[i]!;
  return out;
}
