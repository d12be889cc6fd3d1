// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { defineComponent, h, nextTick, ref } from "vue";
import type { Keeping } from "../store/office";
import StaffPerson from "./staff-person.vue";
import { setup } from "./testing";

const both = (zh: string) => ({ zh, en: zh });
const grid = {
  ...{ id: "lin", name: "林某", role: "village", role_name: both("村社网格员") },
  ...{ unit: "honghe", village: "330411106001" },
};

async function opened() {
  const put = vi.fn(async () => grid);
  const staff = ref({
    roles: [{ code: "village", name: both("村社网格员") }],
    units: ["honghe", "wangdian"].map((code) => ({ code, name: both(code) })),
    people: [grid],
  });
  // Only what the form reads of it.
  const keeping = { put, staff, failure: ref(), busy: ref(false) } as unknown as Keeping;
  const { page } = await setup(
    defineComponent({ render: () => h(StaffPerson, { person: grid, keeping }) }),
  );
  return { page, put };
}

it("keeps the village of who is only renamed", async () => {
  const { page, put } = await opened();
  page.querySelector("form")?.dispatchEvent(new Event("submit"));
  await nextTick();
  const kept = { name: "林某", role: "village", unit: "honghe", village: "330411106001" };
  expect(put).toHaveBeenCalledWith("lin", kept);
});

it("drops it with its unit", async () => {
  const { page, put } = await opened();
  const area = page.querySelector<HTMLSelectElement>('[data-test="area"]');
  if (area) area.value = "wangdian";
  area?.dispatchEvent(new Event("change"));
  await nextTick();
  page.querySelector("form")?.dispatchEvent(new Event("submit"));
  await nextTick();
  expect(put).toHaveBeenCalledWith("lin", { name: "林某", role: "village", unit: "wangdian" });
});
