SELECT l.id, l.version, l.case_id, l.recovered, l.effective, l.origin, l.later_use, l.deductions, r.area, r.plane_area, coalesce(e.area, 0)
FROM land l JOIN shape r ON r.hash = l.recovered LEFT JOIN shape e ON e.hash = l.effective
WHERE l.case_id = $1
