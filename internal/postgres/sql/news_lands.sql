SELECT h.land_id, h.from_rev, coalesce(h.to_rev, 0), h.case_id, h.later_use,
    encode(h.recovered, 'hex'), r.area, r.plane_area, coalesce(encode(h.effective, 'hex'), ''), coalesce(e.area, 0)
FROM land_history h JOIN shape r ON r.hash = h.recovered LEFT JOIN shape e ON e.hash = h.effective
WHERE h.from_rev > $1 OR h.to_rev > $1
ORDER BY h.land_id, h.from_rev
