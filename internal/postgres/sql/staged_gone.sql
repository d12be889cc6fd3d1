-- Parcels that came with the same earlier files as parcels of this one, and are not in it, not even as a row that is left out.
WITH earlier AS (
    SELECT DISTINCT j.batch_id FROM staged s JOIN journal j ON j.noun = 'parcel' AND j.noun_id = s.old_id WHERE j.kind = 'parcel.import'
), gone AS (
    SELECT DISTINCT p.id, p.code, p.label, p.shape
    FROM earlier b JOIN operation o ON o.batch_id = b.batch_id
    JOIN journal j ON j.id BETWEEN o.first_revision AND o.last_revision AND j.noun = 'parcel'
    JOIN parcel p ON p.id = j.noun_id
    WHERE NOT EXISTS (SELECT FROM staged s WHERE s.old_id = p.id) AND p.code <> ALL (coalesce($2::text[], '{}'))
)
SELECT g.code, g.label, h.area, count(*) OVER () FROM gone g JOIN shape h ON h.hash = g.shape ORDER BY g.code LIMIT $1
