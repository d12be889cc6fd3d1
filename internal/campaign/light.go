package campaign

import "errors"

// Light says how a figure stands against its schedule.
type Light string

// The lights; LightNone is for a figure without a task.
const (
	LightGreen  Light = "green"
	LightYellow Light = "yellow"
	LightRed    Light = "red"
	LightNone   Light = "none"
)

// Name is the wording in tables and documents: 绿灯, 黄灯, 红灯, 无任务.
func (l Light) Name() Text {
	switch l {
	case LightGreen:
		return Text{"绿灯", "on schedule"}
	case LightYellow:
		return Text{"黄灯", "behind"}
	case LightRed:
		return Text{"红灯", "far behind"}
	case LightNone:
	}
	return Text{"无任务", "no target"}
}

// Lamp is the word inside the lamp: 绿, 黄, 红; nothing where there is no lamp.
func (l Light) Lamp() Text {
	switch l {
	case LightGreen:
		return Text{"绿", "green"}
	case LightYellow:
		return Text{"黄", "yellow"}
	case LightRed:
		return Text{"红", "red"}
	case LightNone:
	}
	return Text{}
}

// LightRule holds the thresholds of the lights on the printed 序时差. The
// intervals of green and red are closed, so every value has a light.
type LightRule struct {
	Green      Tenths `json:"green"`                 // green from here up
	Red        Tenths `json:"red"`                   // red from here down
	OrderAfter int    `json:"order_after,omitempty"` // reds running that raise a 督办单; 0 means 2
	TalkAfter  int    `json:"talk_after,omitempty"`  // reds running that raise a 约谈; 0 means 3
	RedDays    int    `json:"red_days,omitempty"`    // days late beyond which what is judged by its plan is red; 0 means 30
	AheadDays  int    `json:"ahead_days,omitempty"`  // days before its plan from which a milestone was early (提前); 0 means 7
}

// DefaultLightRule is the rule of a campaign that sets none: green from 0.0,
// red from −10.0 points (银川), two reds running a 督办单, three a 约谈.
func DefaultLightRule() LightRule {
	return LightRule{Green: 0, Red: -100, OrderAfter: 2, TalkAfter: 3, RedDays: 30, AheadDays: 7}
}

// LightRule is the campaign's rule, the default where it sets none.
func (d Definition) LightRule() LightRule {
	if d.Lights == nil {
		return DefaultLightRule()
	}
	return d.Lights.filled()
}

func (r LightRule) filled() LightRule {
	if r.OrderAfter == 0 {
		r.OrderAfter = DefaultLightRule().OrderAfter
	}
	if r.TalkAfter == 0 {
		r.TalkAfter = DefaultLightRule().TalkAfter
	}
	if r.RedDays == 0 {
		r.RedDays = DefaultLightRule().RedDays
	}
	if r.AheadDays == 0 {
		r.AheadDays = DefaultLightRule().AheadDays
	}
	return r
}

// Check reports thresholds that cross and measures out of order.
func (r LightRule) Check() error {
	if r.Red >= r.Green {
		return errors.New("lights: the red threshold must lie below the green one")
	}
	if f := r.filled(); f.OrderAfter < 1 || f.TalkAfter <= f.OrderAfter {
		return errors.New("lights: a talk follows after more reds than an order, an order after at least one")
	}
	return nil
}

// Light is the light of a printed 序时差. A figure without a task has no gap
// and LightNone; the caller knows that before it asks.
func (r LightRule) Light(gap Tenths) Light {
	switch {
	case gap >= r.Green:
		return LightGreen
	case gap <= r.Red:
		return LightRed
	}
	return LightYellow
}

// ByPlan is the light of what is judged by its planned day.
func (r LightRule) ByPlan(daysLate int) Light {
	switch {
	case daysLate <= 0:
		return LightGreen
	case daysLate > r.filled().RedDays:
		return LightRed
	}
	return LightYellow
}

// Ahead says whether a milestone done so many days before its plan is praised (提前).
func (r LightRule) Ahead(daysEarly int) bool { return daysEarly >= r.filled().AheadDays }

// Escalation is the measure that a unit's lights call for.
type Escalation string

// The measures, from mild to grave.
const (
	EscalationNone   Escalation = ""
	EscalationRemind Escalation = "remind" // 提醒
	EscalationOrder  Escalation = "order"  // 督办单
	EscalationTalk   Escalation = "talk"   // 约谈
)

// Name is the wording of the measure; nothing for none.
func (e Escalation) Name() Text {
	switch e {
	case EscalationRemind:
		return Text{"提醒", "reminder"}
	case EscalationOrder:
		return Text{"督办单", "supervision order"}
	case EscalationTalk:
		return Text{"约谈", "summons to a talk"}
	case EscalationNone:
	}
	return Text{}
}

// Escalate is the measure due with the last of these lights, oldest first, one
// a bulletin: 提醒 with the first light of a run behind schedule, yellow or
// red; 督办单 from OrderAfter reds running; 约谈 from TalkAfter on, with every
// further one. A yellow that follows a yellow or a red calls for nothing new.
func (r LightRule) Escalate(lights ...Light) Escalation {
	r = r.filled()
	reds, behind := 0, 0
	for _, l := range lights {
		switch l {
		case LightRed:
			reds, behind = reds+1, behind+1
		case LightYellow:
			reds, behind = 0, behind+1
		case LightGreen, LightNone:
			reds, behind = 0, 0
		}
	}
	switch {
	case reds >= r.TalkAfter:
		return EscalationTalk
	case reds >= r.OrderAfter:
		return EscalationOrder
	case behind == 1:
		return EscalationRemind
	}
	return EscalationNone
}
