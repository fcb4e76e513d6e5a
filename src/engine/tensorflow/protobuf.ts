/** Protocol buffers: writes the few wire types that a GraphDef and a ConfigProto need, and finds messages within messages. */

export interface Message {
  /** Variable-length integer: int32, int64, bool, enum. */
  varint(field: number, value: number): Message;
  float(field: number, value: number): Message;
  bytes(field: number, value: Uint8Array): Message;
  text(field: number, value: string): Message;
  message(field: number, fill: (inner: Message) => void): Message;
  packed(field: number, values: readonly number[]): Message;
  finish(): Uint8Array;
}

const encoder = new TextEncoder();

function varintBytes(value: number): number[] {
  const out: number[] = [];
  // Negative numbers are written as 64-bit two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return out;
}

export function message(): Message {
  const parts: Uint8Array[] = [];
  let size = 0;
  const put = (bytes: Uint8Array) => {
    parts.push(bytes);
    size += bytes.length;
  };
  const tag = (field: number, wire: number) => put(Uint8Array.from(varintBytes(field * 8 + wire)));
  const self: Message = {
    varint(field, value) {
      tag(field, 0);
      put(Uint8Array.from(varintBytes(value)));
      return self;
    },
    float(field, value) {
      tag(field, 5);
      put(new Uint8Array(Float32Array.of(value).buffer));
      return self;
    },
    bytes(field, value) {
      tag(field, 2);
      put(Uint8Array.from(varintBytes(value.length)));
      put(value);
      return self;
    },
    text: (field, value) => self.bytes(field, encoder.encode(value)),
    message(field, fill) {
      const inner = message();
      fill(inner);
      return self.bytes(field, inner.finish());
    },
    packed: (field, values) => self.bytes(field, Uint8Array.from(values.flatMap(varintBytes))),
    finish() {
      const out = new Uint8Array(size);
      let at = 0;
      for (const part of parts) {
        out.set(part, at);
        at += part.length;
      }
      return out;
    },
  };
  return self;
}

/** The contents of every field of that number that has a length: texts, bytes and messages. */
export function messagesIn(bytes: Uint8Array, field: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag % 8;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      if (Math.floor(tag / 8) === field) found.push(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}
