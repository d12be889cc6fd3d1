-- Out by somewhat more than half the gap, so that what faces each other meets, then in by half of it.
SELECT ST_AsEWKB(ST_Multi(ST_Transform(ST_SimplifyPreserveTopology(
    ST_Buffer(ST_Buffer(ST_Union(ST_Transform(s.geom, 4549)), $2::float8 * 0.55, 4), $2::float8 * -0.5, 4), 0.2), 4490)), 'NDR')
FROM shape s WHERE s.hash = ANY (SELECT decode(n, 'hex') FROM unnest($1::text[]) AS n)
