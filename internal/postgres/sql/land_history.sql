SELECT h.land_id, h.from_rev, coalesce(h.to_rev, 0), h.version, h.case_id, h.recovered, h.effective, h.later_use, h.deductions
FROM land_history h ORDER BY h.land_id, h.from_rev
