/**
 * What a camera wrote into a JPEG (EXIF 2.3, segment APP1), carried over to the smaller picture
 * that a browser makes of it without any.
 */

const startOfImage = 0xd8;
const startOfScan = 0xda;
const app1 = 0xe1;
const header = [0x45, 0x78, 0x69, 0x66, 0, 0];
const orientationTag = 0x0112;

/** The EXIF segment of a JPEG, marker and length included; undefined where it has none. */
export function exifOf(jpeg: Uint8Array): Uint8Array | undefined {
  if (jpeg[0] !== 0xff || jpeg[1] !== startOfImage) return undefined;
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const [kind, length] = [jpeg[at + 1], ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0)];
    const end = at + 2 + length;
    if (kind === startOfScan || length < 2 || end > jpeg.length) return undefined;
    if (kind === app1 && header.every((byte, i) => jpeg[at + 4 + i] === byte))
      return jpeg.slice(at, end);
    at = end;
  }
  return undefined;
}

/** A JPEG with an EXIF segment in front; its picture is as it was. */
export function withExif(jpeg: Uint8Array, segment: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(jpeg.length + segment.length);
  whole.set(jpeg.subarray(0, 2));
  whole.set(segment, 2);
  whole.set(jpeg.subarray(2), 2 + segment.length);
  return whole;
}

/** The segment of a picture that was turned upright when it was drawn: nobody turns it again. */
export function upright(segment: Uint8Array): Uint8Array {
  const turned = segment.slice();
  const tiff = new DataView(turned.buffer, turned.byteOffset + 4 + header.length);
  if (tiff.byteLength < 14) return turned;
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return turned;
  for (let i = 0; i < tiff.getUint16(directory, little); i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.byteLength) break;
    if (tiff.getUint16(entry, little) === orientationTag) tiff.setUint16(entry + 8, 1, little);
  }
  return turned;
}
