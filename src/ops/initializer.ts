import type { InitSpec } from "./layer.ts";
import type { Parameters, Signature } from "./signature.ts";

/** How many inputs a number of the kernel's output sums over, and how many outputs an input enters. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** How the kernel of a layer begins: `conv(64, init: he_normal)`. */
export interface InitializerOp extends Signature {
  readonly family: "initializer";
  spec(fans: Fans, parameters: Parameters): InitSpec;
}
