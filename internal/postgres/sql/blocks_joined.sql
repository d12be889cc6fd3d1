-- With one point enough for a cluster, DBSCAN is the chains of shapes within the gap. In the plane of EPSG:4549: some 10⁻⁴ of the gap.
SELECT encode(s.hash, 'hex'), ST_ClusterDBSCAN(ST_Transform(s.geom, 4549), $2::float8, 1) OVER ()
FROM shape s WHERE s.hash = ANY (SELECT decode(n, 'hex') FROM unnest($1::text[]) AS n)
