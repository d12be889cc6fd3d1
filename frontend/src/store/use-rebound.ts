import { answer } from "../api/answer";
import type { AssurancePage, ElectricityPage, EnforcementPage, RevisitPage } from "../domain/types";
import type { Reading } from "./reading";
import { useReading } from "./use-reading";
import { useStore } from "./use-store";

const params = (revision: number | undefined) => ({
  params: { query: revision ? { min_revision: revision } : {} },
});

/** Draws and what is to be looked at again, as new as the page and of its day. */
export function useRevisits(): Reading<RevisitPage> {
  const { client, today } = useStore();
  return useReading(
    () => ({ day: today.value }),
    (_, min) => answer(client.GET("/revisits", params(min))),
  );
}

/** Sites that draw power after they were accepted. */
export function useElectricity(): Reading<ElectricityPage> {
  const { client, today } = useStore();
  return useReading(
    () => ({ day: today.value }),
    (_, min) => answer(client.GET("/electricity", params(min))),
  );
}

/** Actions of several departments with their sites. */
export function useEnforcement(): Reading<EnforcementPage> {
  const { client } = useStore();
  return useReading(
    () => true,
    (_, min) => answer(client.GET("/enforcement", params(min))),
  );
}

/** Funds and land in use again. */
export function useAssurance(): Reading<AssurancePage> {
  const { client } = useStore();
  return useReading(
    () => true,
    (_, min) => answer(client.GET("/assurance", params(min))),
  );
}
