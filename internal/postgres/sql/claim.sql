INSERT INTO operation (op_id, actor, device, body_hash, batch_id, happened_at, received_at, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'received')
ON CONFLICT ON CONSTRAINT operation_pk DO NOTHING
