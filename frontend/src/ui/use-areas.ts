import type { Person } from "../domain/types";
import type { Keeping } from "../store/office";
import { useWords } from "../store/use-store";

/** How the area of a person is called. */
export function useAreas({ staff }: Pick<Keeping, "staff">) {
  const { t, text } = useWords();
  return (person: Pick<Person, "unit">): string => {
    const unit = staff.value.units.find(({ code }) => code === person.unit);
    return text(unit?.name) || person.unit || t("staff.whole");
  };
}
