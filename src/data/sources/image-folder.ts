import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { FieldType } from "../../ops/field.ts";
import { DataError } from "../error.ts";
import type { Cell, SourceFile, SourceReader } from "../source.ts";
import { byCodeUnits, sourceFolder } from "./folder.ts";
import {
  decodeImage,
  type ImageHeader,
  imageHeader,
  readImageFile,
  readImageStart,
  requireHeader,
} from "./image.ts";

const isImage = /\.(jpe?g|png)$/i;

/** Pictures whose headers are looked at for the type of all. */
const most = 64;

/** Of a file whose comments are longer than what is read at first, from all of it. */
const headerAt = (path: string): ImageHeader =>
  imageHeader(readImageStart(path)) ?? requireHeader(readImageFile(path), path);

/** With names for height and width where pictures differ in size. As many channels as the first one has. */
function typeOfImages(files: readonly SourceFile[]): FieldType {
  const step = Math.max(1, Math.floor(files.length / most));
  const looked = files.filter((_, i) => i % step === 0);
  const headers = looked.map(({ path }) => headerAt(path));
  const { height, width, channels } = headers[0]!;
  const alike = headers.every((each) => each.height === height && each.width === width);
  return {
    kind: "tensor",
    dtype: "u8",
    shape: alike ? [height, width, channels] : ["H", "W", channels],
  };
}

const classOf = ({ name }: SourceFile): string => name.slice(0, name.indexOf("/"));
const classesOf = (files: readonly SourceFile[]): readonly string[] =>
  [...new Set(files.map(classOf))].sort(byCodeUnits);

/** `PATH/CLASS/**.jpg`: rows sorted by path, the first folder is the class. */
export const imageFolder: SourceReader = {
  files(parameters, context) {
    const folder = sourceFolder(parameters.path as string, context);
    const files: SourceFile[] = [];
    let loose = 0;
    let others = 0;
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (entry.name.startsWith(".") || entry.isDirectory()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = path
        .slice(folder.length + 1)
        .split(sep)
        .join("/");
      if (name.startsWith(".") || name.includes("/.")) continue;
      if (!isImage.test(name)) others++;
      else if (!name.includes("/")) loose++;
      else files.push({ name, path });
    }
    if (files.length === 0)
      throw new DataError(
        loose > 0
          ? `The images of ${context.dataset} lie directly in ${folder}; image_folder takes the class from the folder that an image is in`
          : `There is no JPEG or PNG in the folder of ${context.dataset}: ${folder}`,
        loose > 0
          ? `move them into one folder a class, like ${folder}/spiral/1.jpg`
          : `give the folder that holds one folder a class: --set ${context.dataset}.source.path=FOLDER`,
      );
    if (loose > 0)
      context.note(`${context.dataset}: ${loose} images in no class's folder were left out (${folder})`);
    if (others > 0)
      context.note(
        `${context.dataset}: ${others} files that are neither JPEG nor PNG were left out (${folder})`,
      );
    return files.sort((a, b) => byCodeUnits(a.name, b.name));
  },
  types: (_parameters, files) => ({
    image: typeOfImages(files),
    class: { kind: "class", count: classesOf(files).length },
    path: { kind: "string" },
  }),
  open(_parameters, files, context) {
    const classes = classesOf(files);
    const classNumber = new Map(classes.map((name, index) => [name, index]));
    let told = false;
    const first = requireHeader(readImageFile(files[0]!.path), files[0]!.path);
    return {
      count: files.length,
      activity: "reading",
      unit: "images",
      given: null,
      columns: {
        image: {
          type: { kind: "tensor", dtype: "u8", shape: [first.height, first.width, first.channels] },
          classes: null,
        },
        class: { type: { kind: "class", count: classes.length }, classes },
        path: { type: { kind: "class", count: files.length }, classes: files.map((file) => file.name) },
      },
      place: (row) => files[row]!.path,
      reader(columns) {
        const wanted = new Set(columns);
        return (row) => {
          const file = files[row]!;
          const cells: Record<string, Cell> = {};
          if (wanted.has("class")) cells.class = classNumber.get(classOf(file))!;
          if (wanted.has("path")) cells.path = row;
          if (wanted.has("image")) {
            const bytes = readImageFile(file.path);
            const header = requireHeader(bytes, file.path);
            if (header.bits > 8 && !told) {
              told = true;
              context.note(
                `${context.dataset}: images of ${header.bits} bits, as ${file.path}, are rounded to 8; FITS and NumPy files keep them whole`,
              );
            }
            if (header.channels > first.channels)
              throw new DataError(
                `This image has ${header.channels} channels, the first one is gray: ${file.path}`,
                `make all images of ${context.dataset} gray or all coloured`,
              );
            cells.image = decodeImage(bytes, file.path, header, first.channels);
          }
          return cells;
        };
      },
    };
  },
};
