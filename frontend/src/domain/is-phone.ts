/** Below so many CSS pixels of width the wall is a phone's page. */
const widest = 600;

/** In a file of its own: the first load of every page asks it. */
export function isPhone(width: number): boolean {
  return width < widest;
}
