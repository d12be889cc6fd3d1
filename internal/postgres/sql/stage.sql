CREATE TEMPORARY TABLE staged_draft (row integer NOT NULL, code text NOT NULL, label text NOT NULL, wire bytea NOT NULL, attributes jsonb NOT NULL) ON COMMIT DROP
