SELECT h.parcel_id, h.from_rev, coalesce(h.to_rev, 0), h.code, h.label, coalesce(u.code, ''), s.area, encode(h.shape, 'hex'), s.plane_area
FROM parcel_history h JOIN shape s ON s.hash = h.shape LEFT JOIN unit u ON u.id = h.unit_id
WHERE h.from_rev > $1 OR h.to_rev > $1
ORDER BY h.parcel_id, h.from_rev
