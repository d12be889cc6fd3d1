package figures

import (
	"math/big"

	"github.com/guatu/guatu/internal/campaign"
)

// CountChange compares a figure with that of the closed period before, both in
// printed steps of the metric: 较上周 +12 家, 较上月 −1.20 亩, 较上周持平.
func CountChange(c Cycle, now, before int64, of campaign.Metric, m Medium) campaign.Text {
	if now == before {
		return unchanged(c)
	}
	change := Signed(now-before, of.Measure.Decimals(), m)
	return campaign.Text{
		ZH: "较" + c.Last().ZH + " " + change + " " + of.Unit.ZH,
		EN: change + " " + of.Unit.EN + " on " + c.Last().EN,
	}
}

// RateChange compares two printed rates: 较上月提高 4.2 个百分点, 较上月下降
// 0.6 个百分点, 较上月持平; — where one of them has no task.
func RateChange(c Cycle, now, before Rate) campaign.Text {
	change := now.Minus(before)
	zh, en := "提高", "up"
	switch {
	case !change.Known:
		return campaign.Text{ZH: dash, EN: dash}
	case change.Tenths == 0:
		return unchanged(c)
	case change.Tenths < 0:
		zh, en, change.Tenths = "下降", "down", -change.Tenths
	}
	points := Number(int64(change.Tenths), 1, Document)
	return campaign.Text{
		ZH: "较" + c.Last().ZH + zh + " " + points + " 个百分点",
		EN: en + " " + points + " points on " + c.Last().EN,
	}
}

func unchanged(c Cycle) campaign.Text {
	return campaign.Text{ZH: "较" + c.Last().ZH + "持平", EN: "unchanged on " + c.Last().EN}
}

// LastYear is an amount of the same period of the year before.
type LastYear struct {
	Amount int64
	Known  bool // false: the year is not in the system
}

// YearOnYear compares two exact amounts in the same unit: 同比 +8.6%; 同比 —
// from nothing, which has no growth rate; 无上年同期数据 where last year is not
// in the system. It is for amounts only: rates differ by points.
func YearOnYear(now int64, before LastYear) campaign.Text {
	if !before.Known {
		return campaign.Text{ZH: "无上年同期数据", EN: "no data for the same period last year"}
	}
	if before.Amount <= 0 {
		return campaign.Text{ZH: "同比 " + dash, EN: dash + " year on year"}
	}
	was := big.NewInt(before.Amount)
	grown := new(big.Int).Sub(big.NewInt(now), was)
	growth := quotient(grown.Mul(grown, big.NewInt(campaign.Whole)), was)
	text := Signed(growth, 1, Document) + "%"
	return campaign.Text{ZH: "同比 " + text, EN: text + " year on year"}
}
