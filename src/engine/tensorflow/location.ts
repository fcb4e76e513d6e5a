/** Where TensorFlow's two libraries lie. They must come from one build. */
export interface LibraryLocation {
  /** Path of `libtensorflow_cc.so.2`, or of `libtensorflow.so`: whichever exports the C API. */
  readonly cc: string;
  /** Path of `libtensorflow_framework.so.2`. */
  readonly framework: string;
  /** Where it was found, in words: `DLC_TENSORFLOW`, `the cache of dlc engine install`. */
  readonly origin: string;
}
