SELECT h.case_id, h.version, h.from_rev, coalesce(h.to_rev, 0), h.code, h.label, h.track, u.code, h.village, h.kind, h.batch, h.disposal, coalesce(h.enterprise_id, 0),
    h.parcels, h.shares, h.stage, coalesce(h.next, ''), coalesce(h.deadline::text, ''), h.recovered, h.effective, h.floor, h.rebounds, h.sides, h.passed, h.planned
FROM bench_history h JOIN unit u ON u.id = h.unit_id
ORDER BY h.case_id, h.from_rev
