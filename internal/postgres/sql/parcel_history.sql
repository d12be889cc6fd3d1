SELECT h.parcel_id, h.from_rev, coalesce(h.to_rev, 0), h.version, h.code, h.label, coalesce(u.code, ''), h.shape
FROM parcel_history h LEFT JOIN unit u ON u.id = h.unit_id
ORDER BY h.parcel_id, h.from_rev
