// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { defineComponent, h, nextTick, ref } from "vue";
import type { Definition } from "../domain/definition";
import { campaign } from "../store/testing";
import SettingsRotation from "./settings-rotation.vue";
import { setup } from "./testing";

/** The form over a definition, as the page of settings holds it. */
async function form(definition: Partial<Definition>) {
  const edited = ref({ tracks: [], ...definition } as unknown as Definition);
  const shown = defineComponent({
    setup: () => () =>
      h(SettingsRotation, {
        modelValue: edited.value,
        "onUpdate:modelValue": (value: Definition) => {
          edited.value = value;
        },
      }),
  });
  const rotation = [{ screen: "district", seconds: 30 }] as const;
  const { page } = await setup(shown, {
    campaign: async () => ({ ...campaign, rotation: [...rotation] }),
  });
  const press = async (selector: string) => {
    page.querySelector<HTMLElement>(selector)?.click();
    await nextTick();
  };
  const enter = async (selector: string, value: string) => {
    const field = page.querySelector<HTMLInputElement>(selector);
    if (!field) throw new Error(selector);
    field.value = value;
    field.dispatchEvent(new Event("change"));
    await nextTick();
  };
  return { page, edited, press, enter, turns: () => edited.value.rotation?.turns };
}

describe("the rotation of the screens", () => {
  it("begins with the usual one where the campaign has none, and takes what is chosen", async () => {
    const { turns, press, enter } = await form({});
    expect(turns()).toEqual([{ screen: "district", seconds: 30 }]);
    await press('[data-test="rotation-add"]');
    await enter("li:nth-child(2) select", "unit:honghe");
    await enter("li:nth-child(2) input", "45");
    await press("li:nth-child(2) button");
    expect(turns()).toEqual([
      { screen: "unit", unit: "honghe", seconds: 45 },
      { screen: "district", seconds: 30 },
    ]);
    await enter("li select", "late");
    expect(turns()?.[0]).toEqual({ screen: "late", seconds: 45 });
  });

  it("takes no time that nobody could read by, and may be empty", async () => {
    const { page, turns, press, enter } = await form({
      rotation: { turns: [{ screen: "late", seconds: 20 }] },
    });
    await enter("li input", "2");
    expect(turns()?.[0]?.seconds).toBe(20);
    await press("li button:last-child");
    expect(turns()).toEqual([]);
    expect(page.textContent).toContain("没有轮播页面");
  });
});
