/** TFRecord files as TensorFlow writes them, of examples with strings and numbers. */

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A field of a protobuf message that is bytes. */
const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);

function feature(value: string | number | readonly number[]): Buffer {
  if (typeof value === "string") return field(1, field(1, Buffer.from(value)));
  const numbers = Float32Array.from([value].flat());
  return field(2, field(1, Buffer.from(numbers.buffer)));
}

/** CRC-32C, turned by 15 bits, plus a constant. */
function maskedCrc(bytes: Uint8Array): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  crc = ~crc >>> 0;
  const out = Buffer.alloc(4);
  out.writeUInt32LE(((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0);
  return out;
}

type Example = Readonly<Record<string, string | number | readonly number[]>>;

export function tfrecordOf(examples: readonly Example[]): Buffer {
  return Buffer.concat(
    examples.flatMap((example) => {
      const entries = Object.entries(example).map(([name, value]) =>
        field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, feature(value))])),
      );
      const payload = field(1, Buffer.concat(entries));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(payload.length));
      return [length, maskedCrc(length), payload, maskedCrc(payload)];
    }),
  );
}
