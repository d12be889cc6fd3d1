-- Whose findings may be others since revision $1: cases whose recovered land changed, parcels that changed, cases whose figures or
-- parcels' land changed, parcels whose counting cases changed.
WITH land_changed AS (
    SELECT DISTINCT h.case_id AS id FROM land_history h WHERE h.from_rev > $1 OR h.to_rev > $1
), parcel_changed AS (
    SELECT DISTINCT h.parcel_id AS id FROM parcel_history h WHERE h.from_rev > $1 OR h.to_rev > $1
), case_changed AS (
    SELECT h.case_id AS id, h.parcels FROM case_history h WHERE h.from_rev > $1 OR h.to_rev > $1
)
SELECT
    ARRAY(SELECT id FROM land_changed UNION SELECT id FROM case_changed),
    ARRAY(SELECT id FROM parcel_changed),
    ARRAY(SELECT id FROM land_changed UNION SELECT id FROM case_changed
        UNION SELECT cp.case_id FROM parcel_changed p JOIN case_parcel cp ON cp.parcel_id = p.id),
    ARRAY(SELECT id FROM parcel_changed UNION SELECT unnest(parcels) FROM case_changed)
