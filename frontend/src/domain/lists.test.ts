import { describe, expect, it } from "vitest";
import { isMoves, listArea, listParams, listTitle, listTrack, movesList } from "./lists";
import { figureCampaign } from "./testing-figures";

const sums = { cases: 1, land: 10, recovered: 7, effective: 5, floor: 0 };

describe("a list that a figure opens", () => {
  it.each([
    ["metric=rectified&unit=honghe", "整治完成·洪合镇"],
    ["reached=signed&track=rectify&unit=honghe", "已签约·洪合镇"],
    ["skipped=demolished&track=rectify", "不需拆除"],
    ["late=true&unit=honghe", "逾期·洪合镇"],
    ["late_days=31&listed=true", "逾期30天以上"],
    ["rebounds=true", "反弹"],
    ["side=blocked", "卡点"],
    ["listed=true&track=rectify", "列入清单"],
    ["listed=true&stage=4&track=rectify", "已签约"],
    ["listed=true&next=accepted&ready=true&track=rectify", "应区验收"],
    ["decidable=true&listed=true&requested=any", "待审核"],
    ["listed=true&requested=blocked", "报卡点·待审核"],
    ["finding=overlap&listed=true", "重叠"],
    ["finding=any&listed=true", "数据问题"],
    ["metric=moved_in&operators_of=rectify", "其中整治企业"],
    ["from=2020-09-27&metric=recovered&unit=honghe", "2020-09-27后新增·腾退面积·洪合镇"],
    ["late=true&unit=honghe&village=1", "逾期·洪合镇·凤桥村"],
  ])("%s is called %s", (code, title) => {
    const village = { code: "1", name: { zh: "凤桥村", en: "Fengqiao" } };
    expect(listTitle(figureCampaign, code, village).zh).toBe(title);
  });

  it("is of moves where it begins at a day", () => {
    expect(movesList("2020-09-27", "recovered", "honghe")).toBe(
      "from=2020-09-27&metric=recovered&unit=honghe",
    );
    expect(isMoves(movesList("2020-09-27", "recovered"))).toBe(true);
    expect(isMoves("metric=recovered")).toBe(false);
    expect(listParams("a=1&b=x%2Cy")).toEqual({ a: "1", b: "x,y" });
  });

  it("shows the track it names, or its metric's, or every one", () => {
    expect(listTrack(figureCampaign, "reached=signed&track=outdated")).toBe("outdated");
    expect(listTrack(figureCampaign, "metric=recovered")).toBe("rectify");
    expect(listTrack(figureCampaign, "late=true")).toBe("");
  });

  it("adds up the area it is about", () => {
    expect(listArea(figureCampaign, "metric=effective", sums)).toBe("effective");
    expect(listArea(figureCampaign, "metric=rectified", sums)).toBe("recovered");
    expect(listArea(figureCampaign, "metric=rectified", { ...sums, recovered: 0 })).toBe("land");
    expect(listArea(figureCampaign, "reached=signed&track=rectify", sums)).toBe("land");
  });
});
