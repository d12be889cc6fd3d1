/** A list whose values are made when somebody looks at one: a hundred thousand of them need no room. */
export interface FewAtATime<T> extends Iterable<T> {
  readonly length: number;
  /** Undefined beside the list. */
  at(index: number): T | undefined;
}

/** The values at these places, in their order. */
export function fewAtATime<T>(
  places: ArrayLike<number>,
  make: (place: number) => T,
): FewAtATime<T> {
  return {
    length: places.length,
    at: (index) => {
      const place = places[index];
      return place === undefined ? undefined : make(place);
    },
    *[Symbol.iterator]() {
      for (let i = 0; i < places.length; i++) yield make(places[i] as number);
    },
  };
}

/** A list that is there already. */
export function allAtOnce<T>(values: readonly T[]): FewAtATime<T> {
  return {
    length: values.length,
    at: (index) => values[index],
    [Symbol.iterator]: () => values[Symbol.iterator](),
  };
}
