import { expect, it } from "vitest";
import { createPhoneViews } from "./phone-views";

it("what lies over the first page is taken off by the phone's own way back", () => {
  const page = new EventTarget();
  const history = { pushState: () => {}, back: () => page.dispatchEvent(new Event("popstate")) };
  const views = createPhoneViews(Object.assign(page, { history }) as never);
  views.open({ kind: "unit", unit: "honghe" });
  views.open({ kind: "map" });
  views.back();
  expect(views.stack.value).toEqual([{ kind: "unit", unit: "honghe" }]);
  views.back();
  page.dispatchEvent(new Event("popstate"));
  expect(views.stack.value).toEqual([]);
  views.end();
});
