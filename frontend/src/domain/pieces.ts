/** What a piece of a parcel is called while it has no code yet: ①, ②, …. */
export function pieceSign(place: number): string {
  return String.fromCodePoint(0x2460 + place);
}
