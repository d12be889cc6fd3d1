package campaign

import (
	"fmt"
	"slices"

	"github.com/guatu/guatu/internal/fault"
)

// Stages of an order (督办单): 发出 → 签收 → 反馈 → 办结.
const (
	OrderIssued    = "issued"
	OrderSigned    = "signed"
	OrderAnswered  = "answered"
	OrderClosed    = "closed"
	OrderWithdrawn = "withdrawn"
)

// OrderStep leads an order from one stage to another.
type OrderStep struct {
	Code string
	Name Text
	From []string
	To   string
	// Theirs: the unit takes it that the order is to; else the office that issued it.
	Theirs bool
	// Says names what must be said with it; its zero value is nothing.
	Says Text
}

// OrderSteps are the steps in their order.
func OrderSteps() []OrderStep {
	open := []string{OrderIssued, OrderSigned, OrderAnswered}
	return []OrderStep{
		{"sign", Text{"签收", "sign for"}, []string{OrderIssued}, OrderSigned, true, Text{}},
		{"answer", Text{"反馈", "answer"}, []string{OrderSigned}, OrderAnswered, true, Text{"办理情况", "what was done"}},
		{"return", Text{"退回", "return"}, []string{OrderAnswered}, OrderSigned, false, Text{"退回的原因", "the reason for returning it"}},
		{"close", Text{"办结", "close"}, []string{OrderAnswered}, OrderClosed, false, Text{}},
		{"withdraw", Text{"撤回", "withdraw"}, open, OrderWithdrawn, false, Text{"撤回的原因", "the reason for withdrawing it"}},
	}
}

// OrderStepOf finds a step by its code.
func OrderStepOf(code string) (OrderStep, bool) {
	steps := OrderSteps()
	i := slices.IndexFunc(steps, func(s OrderStep) bool { return s.Code == code })
	if i < 0 {
		return OrderStep{}, false
	}
	return steps[i], true
}

// Allow refuses a step that the stage does not allow.
func (s OrderStep) Allow(stage string) error {
	switch {
	case stage == OrderClosed || stage == OrderWithdrawn:
		return fault.New(fault.KindConflict, "order_over", "该督办单已经了结，不能再"+s.Name.ZH, "the order is over; it is too late to "+s.Name.EN+" it")
	case !slices.Contains(s.From, stage):
		return fault.New(fault.KindConflict, "order_stage", "现在还不能"+s.Name.ZH, "it is not the turn of this step: "+s.Name.EN)
	}
	return nil
}

// OrderLate is how many days an order is past its day while its unit still owes the answer; 0 where it does not, or has time.
func OrderLate(stage string, due, today Date) int {
	if stage != OrderIssued && stage != OrderSigned {
		return 0
	}
	return max(0, due.DaysUntil(today))
}

// OrderNumber is how an order is written: 督办单〔2020〕3号.
func OrderNumber(year, number int) string { return fmt.Sprintf("督办单〔%d〕%d号", year, number) }
