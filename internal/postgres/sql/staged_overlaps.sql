-- Where new land lies on parcels that are not of this file. The number of pairs that are cut is bounded: $1; those listed: $2.
WITH pair AS MATERIALIZED (
    SELECT s.row, p.code, mine.geom AS mine, other.geom AS other
    FROM staged s
    JOIN shape mine ON mine.hash = s.hash
    JOIN shape other ON other.geom && mine.geom AND other.hash <> mine.hash
    JOIN parcel p ON p.shape = other.hash
    WHERE s.old_shape IS DISTINCT FROM s.hash AND NOT EXISTS (SELECT FROM staged f WHERE f.old_id = p.id)
    LIMIT $1
), cut AS (
    SELECT row, code, ST_Intersection(mine, other) AS common FROM pair WHERE ST_Intersects(mine, other)
), land AS (
    SELECT row, code, common, round(ST_Area(common::geography) * 10000)::bigint AS area FROM cut WHERE ST_Dimension(common) = 2
)
SELECT row, code, area, ST_X(ST_PointOnSurface(common)), ST_Y(ST_PointOnSurface(common)), count(*) OVER (), (SELECT count(*) FROM pair)
FROM land WHERE area >= 10000 ORDER BY row, code LIMIT $2
