// Package demo makes the campaign of an empty database: as it is offered to a
// new office, or as a small demo of our own making (演示数据，示意边界).
package demo

import (
	"context"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

const device = "guatu demo"

// door is the ledger as this room uses it.
type door interface {
	Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error)
}

// SetUp makes the campaign as it is offered to a new office: units without boundaries, a person for each role.
func SetUp(ctx context.Context, l door) error {
	d, err := campaign.Rectify2020()
	if err != nil {
		return err
	}
	return apply(ctx, l, auth.System(), ledger.SetUpCampaign{Definition: d, Units: units(nil), People: people()})
}

func apply(ctx context.Context, l door, actor auth.Actor, changes ...ledger.Change) error {
	_, err := l.Apply(ctx, actor, ledger.Operation{OpID: uuid.New(), Device: device, Changes: changes})
	return err
}

// units are the six responsible units and the part outside the campaign;
// boundaries by code may be nil.
func units(boundaries map[string]orb.MultiPolygon) []ledger.UnitDraft {
	list := []ledger.UnitDraft{
		unit("wangjiangjing", "王江泾镇", "Wangjiangjing Town", "王江泾", "Wangjiangjing"),
		unit("youchegang", "油车港镇", "Youchegang Town", "油车港", "Youchegang"),
		unit("xincheng", "新塍镇", "Xincheng Town", "新塍", "Xincheng"),
		unit("wangdian", "秀洲经济开发区（王店镇）", "Xiuzhou Development Zone (Wangdian Town)", "王店", "Wangdian"),
		unit("honghe", "洪合镇", "Honghe Town", "洪合", "Honghe"),
		unit("gaoxin", "秀洲国家高新区", "Xiuzhou National High-Tech Zone", "高新区", "High-Tech Zone"),
		unit("outside", "嘉北、塘汇（不在本次实施范围）", "Jiabei, Tanghui (not in this campaign)", "嘉北、塘汇", "Jiabei, Tanghui"),
	}
	list[len(list)-1].Outside = true
	for i := range list {
		list[i].Sort = i + 1
		list[i].Boundary = boundaries[list[i].Code]
	}
	return list
}

func unit(code, zh, en, shortZH, shortEN string) ledger.UnitDraft {
	return ledger.UnitDraft{Unit: ledger.Unit{Code: code, Name: campaign.Text{ZH: zh, EN: en}, Short: campaign.Text{ZH: shortZH, EN: shortEN}}}
}

// people are those of the demo; each gets an account.
func people() []ledger.Person {
	list := []ledger.Person{
		{Code: "zhou", Name: "周某", Role: "district"},
		{Code: "li", Name: "李某", Role: "commander"},
		{Code: "xu", Name: "徐某", Role: "planner"},
		{Code: "yu", Name: "俞某", Role: "acceptance"},
		{Code: "wang", Name: "王某", Role: "town", Unit: "youchegang"},
		{Code: "shen", Name: "沈某", Role: "field", Unit: "honghe"},
		{Code: "lu", Name: "陆某", Role: "field", Unit: "wangjiangjing"},
		{Code: "qian", Name: "钱某", Role: "field", Unit: "xincheng"},
		{Code: "tang", Name: "汤某", Role: "town", Unit: "wangjiangjing"},
		{Code: "gu", Name: "顾某", Role: "town", Unit: "xincheng"},
		{Code: "fei", Name: "费某", Role: "town", Unit: "wangdian"},
		{Code: "zhang", Name: "张某", Role: "town", Unit: "honghe"},
		{Code: "sun", Name: "孙某", Role: "town", Unit: "gaoxin"},
		{Code: "mei", Name: "梅某", Role: "field", Unit: "youchegang"},
		{Code: "jin", Name: "金某", Role: "field", Unit: "wangdian"},
		{Code: "wu", Name: "吴某", Role: "field", Unit: "gaoxin"},
		{Code: "ma", Name: "马某", Role: "acceptance"},
		{Code: "zhu", Name: "朱某", Role: "department"},
		{Code: "gao", Name: "高某", Role: "viewer"},
	}
	for i := range list {
		list[i].Sort = i + 1
	}
	return list
}
