CREATE TEMPORARY TABLE staged (
    row integer NOT NULL, code text NOT NULL, label text NOT NULL, attributes json NOT NULL, hash bytea NOT NULL, unit_id bigint, id bigint NOT NULL,
    old_id bigint, old_version bigint, old_label text, old_unit_id bigint, old_shape bytea, old_attributes jsonb
) ON COMMIT DROP
