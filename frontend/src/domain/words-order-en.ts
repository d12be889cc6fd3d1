import type { orderZh } from "./words-order-zh";

/** Words of orders to units (督办单), in English. */
export const orderEn: Record<keyof typeof orderZh, string> = {
  "order.title": "Orders",
  "order.failed": "Orders not read: {why}",
  "order.none": "There are no orders",
  "order.counts":
    "to sign for {issued} · under way {signed} · to close {answered} · overdue {late}",
  "order.issue": "Issue an order",
  "order.issued": "The order was issued",
  "order.matter": "Matter",
  "order.matter_hint": "What is to be done, and what the answer must say",
  "order.cases": "Cases (late ones of the unit; may be none)",
  "order.no_cases": "The unit has no late cases",
  "order.until": "Due",
  "order.explain":
    "The unit signs for it and answers; the district office closes or returns it. Every step goes on record and cannot be undone; one sent by mistake can be withdrawn.",
  "order.number": "Number",
  "order.unit": "Unit",
  "order.due": "Due",
  "order.way": "Course",
  "order.late": "{n} days late",
  "order.answer": "Answer: {text}",
  "order.reason": "Why returned or withdrawn: {text}",
  "order.stage_issued": "to be signed for",
  "order.stage_signed": "under way",
  "order.stage_answered": "to be closed",
  "order.stage_closed": "closed",
  "order.stage_withdrawn": "withdrawn",
  "order.act_issued": "issued",
  "order.act_signed": "signed for",
  "order.act_answered": "answered",
  "order.act_closed": "closed",
  "order.act_withdrawn": "withdrawn",
  "order.only_open": "Open ones only",
};
