WITH wanted AS (SELECT * FROM unnest($2::bigint[], $3::bigint[]) AS w (parcel_id, share)),
gone AS (DELETE FROM case_parcel cp WHERE cp.case_id = $1 AND NOT EXISTS (SELECT FROM wanted w WHERE w.parcel_id = cp.parcel_id))
INSERT INTO case_parcel AS cp (case_id, parcel_id, share)
SELECT $1, w.parcel_id, w.share FROM wanted w
ON CONFLICT ON CONSTRAINT case_parcel_pk DO UPDATE SET share = excluded.share WHERE cp.share <> excluded.share
