SELECT p.id FROM parcel p JOIN staged s ON s.code = p.code ORDER BY p.id FOR UPDATE OF p
