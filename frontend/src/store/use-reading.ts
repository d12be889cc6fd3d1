import { followReading, type Reading } from "./reading";
import { useStore } from "./use-store";

/** A question about the campaign, asked while somebody looks who may see it; ends with the component. */
export function useReading<Q, T>(
  asked: () => Q | undefined,
  read: (question: Q, minRevision: number | undefined) => Promise<T>,
): Reading<T> {
  const { contact, session } = useStore();
  return followReading(() => (session.sees.value ? asked() : undefined), read, contact.revision);
}
