SELECT p.id, p.version, p.case_id, p.milestone, p.slot, p.sha256, p.author, p.added_at, p.taken_at, p.place, p.original, p.arrived, p.size
FROM photo p
