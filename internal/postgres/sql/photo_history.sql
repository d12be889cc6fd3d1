SELECT h.photo_id, h.from_rev, coalesce(h.to_rev, 0), h.version, h.case_id, h.milestone, h.slot, h.sha256, h.arrived
FROM photo_history h ORDER BY h.photo_id, h.from_rev
