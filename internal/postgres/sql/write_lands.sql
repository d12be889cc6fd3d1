INSERT INTO land (id, version, case_id, recovered, effective, origin, later_use, deductions)
SELECT w.id, w.version, w.case_id, w.recovered, w.effective, w.origin, w.later_use, w.deductions::jsonb
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::text[])
    AS w (id, version, case_id, recovered, effective, origin, later_use, deductions)
ON CONFLICT ON CONSTRAINT land_pk DO UPDATE SET version = excluded.version, recovered = excluded.recovered, effective = excluded.effective,
    origin = excluded.origin, later_use = excluded.later_use, deductions = excluded.deductions
