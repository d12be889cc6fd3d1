-- Land of at least 1 m² that two parcels share: of some parcels ($1) with any, or (NULL) of all.
WITH pair AS MATERIALIZED (
    SELECT least(a.id, b.id) AS one, greatest(a.id, b.id) AS other, mine.geom AS mine, theirs.geom AS theirs
    FROM parcel a
    JOIN shape mine ON mine.hash = a.shape
    JOIN shape theirs ON theirs.geom && mine.geom
    JOIN parcel b ON b.shape = theirs.hash AND b.id <> a.id
    WHERE ($1::bigint[] IS NULL AND a.id < b.id) OR a.id = ANY($1)
), cut AS (
    SELECT DISTINCT ON (one, other) one, other, ST_Intersection(mine, theirs) AS common FROM pair WHERE ST_Intersects(mine, theirs)
), land AS (
    SELECT one, other, round(ST_Area(common::geography) * 10000)::bigint AS area FROM cut WHERE ST_Dimension(common) = 2
)
SELECT one, other, area FROM land WHERE area >= 10000 ORDER BY one, other
