import { describe, expect, it } from "vitest";
import { exifOf, upright, withExif } from "./exif";

/** A TIFF of one entry: the orientation. */
function tiff(little: boolean, orientation: number): Uint8Array {
  const bytes = new Uint8Array(26);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, orientation, little);
  return bytes;
}

function segment(kind: number, ...content: (Uint8Array | number[])[]): Uint8Array {
  const body = content.flatMap((each) => [...each]);
  const length = body.length + 2;
  return Uint8Array.from([0xff, kind, length >> 8, length & 255, ...body]);
}
const head = [0x45, 0x78, 0x69, 0x66, 0, 0];
const scan = segment(0xda, [1, 2, 3]);
const jpeg = (...segments: Uint8Array[]) =>
  Uint8Array.from([0xff, 0xd8, ...segments.flatMap((each) => [...each]), ...scan, 0xff, 0xd9]);

describe("EXIF", () => {
  it.each([true, false])(
    "is carried over to a picture without any, upright (little endian: %s)",
    (little) => {
      const camera = segment(0xe1, head, tiff(little, 6));
      const found = exifOf(jpeg(segment(0xe0, [1]), camera));
      expect(found).toEqual(camera);
      const smaller = jpeg(segment(0xdb, [9, 9]));
      const whole = withExif(smaller, upright(camera));
      expect(exifOf(whole)).toEqual(segment(0xe1, head, tiff(little, 1)));
      expect(whole.slice(2 + camera.length)).toEqual(smaller.slice(2));
    },
  );

  it.each([
    ["nothing", new Uint8Array()],
    ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47])],
    ["a picture without it", jpeg()],
    ["another APP1", jpeg(segment(0xe1, [0x68, 0x74, 0x74, 0x70]))],
    ["a length past the end", Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, ...head])],
    ["a length of nothing", Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, 0, ...head])],
  ])("is not found in %s", (_, bytes) => {
    expect(exifOf(bytes)).toBeUndefined();
  });

  it.each([0, 5, 9, 13, 20])("cut off after %i bytes of TIFF is left as it is", (n) => {
    const cut = segment(0xe1, head, tiff(true, 6).slice(0, n));
    expect(upright(cut)).toEqual(cut);
  });
});
