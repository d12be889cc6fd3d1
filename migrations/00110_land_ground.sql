-- land_faults also gives the ground that is wrong, so that it can be drawn, and looks at the land of other campaigns: what an earlier
-- year has recovered is not recovered again.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP FUNCTION land_faults(bigint[], geometry[], geometry[], bigint[]);

-- land_faults says what is wrong with land as cases would have it, beside the land of all other cases. Tolerance: 0.05 m².
-- A pair that a waiver allows would be left out of the overlaps here, and here alone.
-- +goose StatementBegin
CREATE FUNCTION land_faults(p_cases bigint[], p_recovered geometry[], p_effective geometry[], p_gone bigint[])
RETURNS TABLE (fault text, case_id bigint, other text, area bigint, ground geometry)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = guatu, public, pg_temp AS $$ -- not sql: that would be planned anew at each call
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH mine AS (
        SELECT m.case_id, m.recovered, m.effective, f.campaign_id, u.name_zh AS unit, b.geom AS boundary
        FROM unnest(p_cases, p_recovered, p_effective) AS m (case_id, recovered, effective)
        JOIN case_file f ON f.id = m.case_id JOIN unit u ON u.id = f.unit_id LEFT JOIN shape b ON b.hash = u.shape
    ), pair AS (
        SELECT m.case_id, f.code, m.recovered AS mine, s.geom AS theirs, f.campaign_id = m.campaign_id AS same
        FROM mine m JOIN shape s ON s.geom && m.recovered JOIN land l ON l.recovered = s.hash
        JOIN case_file f ON f.id = l.case_id
        WHERE NOT l.case_id = ANY (p_cases || p_gone)
        UNION ALL
        SELECT m.case_id, f.code, m.recovered, n.recovered, n.campaign_id = m.campaign_id
        FROM mine m JOIN mine n ON n.case_id < m.case_id AND n.recovered && m.recovered
        JOIN case_file f ON f.id = n.case_id
    ), wrong AS (
        SELECT CASE WHEN p.same THEN 'land_overlaps' ELSE 'land_earlier' END AS fault, p.case_id, p.code AS other,
            ST_CollectionExtract(ST_Intersection(p.mine, p.theirs), 3) AS ground FROM pair p
        UNION ALL
        SELECT 'land_outside', m.case_id, m.unit, ST_Difference(m.recovered, m.boundary) FROM mine m WHERE m.boundary IS NOT NULL
        UNION ALL
        SELECT 'effective_outside', m.case_id, '', ST_Difference(m.effective, m.recovered) FROM mine m WHERE m.effective IS NOT NULL
    )
    SELECT w.fault, w.case_id, w.other, land_area(w.ground), ST_Multi(ST_CollectionExtract(w.ground, 3))
    FROM wrong w WHERE land_area(w.ground) > 500
    ORDER BY w.fault DESC, land_area(w.ground) DESC, w.other;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION land_faults FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land_faults TO guatu_app;
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP FUNCTION land_faults(bigint[], geometry[], geometry[], bigint[]);
-- land_faults says what is wrong with land as cases would have it, beside the land of all other cases. Tolerance: 0.05 m².
-- A pair that a waiver allows would be left out of the overlaps here, and here alone.
-- +goose StatementBegin
CREATE FUNCTION land_faults(p_cases bigint[], p_recovered geometry[], p_effective geometry[], p_gone bigint[])
RETURNS TABLE (fault text, case_id bigint, other text, area bigint, place geometry)
LANGUAGE plpgsql STABLE SET search_path = guatu, public, pg_temp AS $$ -- not sql: that would be planned anew at each call
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH mine AS (
        SELECT m.case_id, m.recovered, m.effective, f.campaign_id, u.name_zh AS unit, b.geom AS boundary
        FROM unnest(p_cases, p_recovered, p_effective) AS m (case_id, recovered, effective)
        JOIN case_file f ON f.id = m.case_id JOIN unit u ON u.id = f.unit_id LEFT JOIN shape b ON b.hash = u.shape
    ), pair AS (
        SELECT m.case_id, f.code, m.recovered AS mine, s.geom AS theirs
        FROM mine m JOIN shape s ON s.geom && m.recovered JOIN land l ON l.recovered = s.hash
        JOIN case_file f ON f.id = l.case_id AND f.campaign_id = m.campaign_id
        WHERE NOT l.case_id = ANY (p_cases || p_gone)
        UNION ALL
        SELECT m.case_id, f.code, m.recovered, n.recovered
        FROM mine m JOIN mine n ON n.case_id < m.case_id AND n.campaign_id = m.campaign_id AND n.recovered && m.recovered
        JOIN case_file f ON f.id = n.case_id
    ), wrong AS (
        SELECT 'land_overlaps' AS fault, p.case_id, p.code AS other, ST_CollectionExtract(ST_Intersection(p.mine, p.theirs), 3) AS ground FROM pair p
        UNION ALL
        SELECT 'land_outside', m.case_id, m.unit, ST_Difference(m.recovered, m.boundary) FROM mine m WHERE m.boundary IS NOT NULL
        UNION ALL
        SELECT 'effective_outside', m.case_id, '', ST_Difference(m.effective, m.recovered) FROM mine m WHERE m.effective IS NOT NULL
    )
    SELECT w.fault, w.case_id, w.other, land_area(w.ground), ST_PointOnSurface(w.ground)
    FROM wrong w WHERE land_area(w.ground) > 500
    ORDER BY w.fault DESC, land_area(w.ground) DESC, w.other;
END
$$;
-- +goose StatementEnd
ALTER FUNCTION land_faults(bigint[], geometry[], geometry[], bigint[]) SECURITY DEFINER;
REVOKE ALL ON FUNCTION land_faults FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land_faults TO guatu_app;
RESET ROLE;
