/**
 * What passes note of an object, kept on the object itself. A WeakMap would do the same, but what it holds outlives the object:
 * V8's quick collections keep every value of an old WeakMap, and with it all that the value sees (a scope sees its whole program).
 * In an editor that adds up with every key. For small values a WeakMap is as good.
 */
export interface Notes<K extends object, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

export function notes<K extends object, V>(): Notes<K, V> {
  const note = Symbol("note");
  return {
    get: (key) => (key as { readonly [note]?: V })[note],
    // Not enumerable: a copy of the object is another one.
    set: (key, value) => void Object.defineProperty(key, note, { value, configurable: true }),
  };
}
