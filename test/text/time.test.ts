import { expect, test } from "vitest";
import { showTime } from "../../src/text/time.ts";

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [65, "1 min 05 s"],
  [3599.6, "1 h 00 min"],
  [7199, "2 h 00 min"],
  [7440, "2 h 04 min"],
])("%d seconds are %s", (seconds, said) => {
  expect(showTime(seconds)).toBe(said);
});

test("tenths below ten seconds, where they are asked for", () => {
  expect(showTime(8.14, { tenths: true })).toBe("8.1 s");
  expect(showTime(9.96, { tenths: true })).toBe("10 s");
  expect(showTime(8.14)).toBe("8 s");
});
