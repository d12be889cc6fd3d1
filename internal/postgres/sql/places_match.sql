-- Of points with the area of their parcel: how many lie in a stored parcel of the same size (within 2 %).
SELECT count(*)
FROM unnest($1::float8[], $2::float8[], $3::bigint[]) AS q (lon, lat, area)
WHERE EXISTS (
    SELECT FROM shape h JOIN parcel p ON p.shape = h.hash
    WHERE ST_Intersects(h.geom, ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4490)) AND abs(h.area - q.area) <= q.area / 50)
