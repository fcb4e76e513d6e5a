/** Readers of files with named columns. Which columns there are is known when a file is read. */
import type { ReaderOp } from "../reader.ts";
import type { Parameter } from "../signature.ts";

const path: Parameter = {
  name: "path",
  type: { kind: "path" },
  doc: "The file, relative to the `.dl` file. `*` and `?` in its name stand for any characters: several files are read one after the other, sorted by name.",
};

const columns =
  "Strings become classes, sorted; numbers and true or false stay. Rows of files whose name begins with `test` are the test rows of `split = given(...)`.";

function table(name: string, doc: string, example: string, parameters: readonly Parameter[] = []): ReaderOp {
  return {
    name,
    family: "reader",
    version: 1,
    doc: `${doc}\n\n${columns}`,
    example,
    parameters: [path, ...parameters],
    open: true,
    fields: () => ({}),
  };
}

export const tableReaders: readonly ReaderOp[] = [
  table(
    "csv",
    "A table as text (CSV): the first line names the columns, lines end in LF, CRLF or CR. A column is of numbers if all that it holds are; an empty cell in a column that is used is an error.",
    `data shown {
  source = csv("quasars.csv")
  input colours : f32[3] = [source.u - source.g, source.g - source.r, source.r]
  target redshift : f32 = source.z where source.z > 0
  split = random(train: 70%, valid: 15%, test: 15%)
}`,
    [
      {
        name: "delimiter",
        type: { kind: "string" },
        default: ",",
        doc: 'What stands between two cells; `"\\t"` for a tabulator.',
      },
    ],
  ),
  table(
    "parquet",
    "A table in the format of Apache Parquet, plain or compressed with Snappy, gzip or Brotli. Lists of numbers become tensors.",
    `data shown {
  source = parquet("lightcurves/*.parquet")
  input flux : f32[201] = source.flux
  target label : class[3] = source.kind
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
}`,
  ),
  table(
    "tfrecord",
    "Records of `tf.Example`, as TensorFlow writes them. A list of one number is a number, a longer one a tensor f32[L], which may be declared f32[L, 1]; bytes are strings. Each record's checksum is verified.",
    `data shown {
  source = tfrecord("tces/*")
  input flux : f32[201, 1] = source.global_view
  target label : class[2] = source.av_training_set == "PC"
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
}`,
  ),
  table(
    "numpy",
    "Arrays of NumPy: of an `.npz` file those with names, one row for each entry of their first axis; of an `.npy` file the one array, called `array`.",
    `data shown {
  source = numpy("spectra.npz")
  input spectrum : f32[1000] = source.flux
  target redshift : f32 = source.z
  split = random(train: 70%, valid: 15%, test: 15%)
}`,
  ),
  table(
    "fits",
    "The format of astronomy (FITS): of a file with a binary table its columns, tensors by `TDIM`; else the first image, one row a file, as `image` (f32[H, W, C], with `BSCALE`, `BZERO` and `BLANK`) with the keywords of its header as further columns. Compressed images are not read.",
    `data shown {
  source = fits("stamps/*.fits")
  input image : f32[64, 64, 1] = source.image
  target magnitude : f32 = source.MAG
  split = random(train: 70%, valid: 15%, test: 15%)
}`,
  ),
  table(
    "hdf5",
    "The data sets of an HDF5 file, one row for each entry of their first axis. Those in groups are named with `_` for `/`: `photometry/flux` is `source.photometry_flux`. The rows are as many as most data sets have; what has another number of rows, or holds neither numbers nor strings, is left out and told of. Packed with gzip or not at all; only the rows that are asked for are read. Types of fields must be written.",
    `data shown {
  source = hdf5("stamps.h5")
  input image : f32[64, 64, 1] = source.image
  target redshift : f32 = source.catalogue_z
  split = random(train: 70%, valid: 15%, test: 15%)
}`,
  ),
];
