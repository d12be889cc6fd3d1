SELECT l.id, l.version, l.case_id, l.recovered, l.effective, l.origin, l.later_use, l.deductions
FROM land l
