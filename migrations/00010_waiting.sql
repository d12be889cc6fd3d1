-- What waits for somebody (待办) is read each time the desk opens.
-- +goose Up
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
CREATE INDEX case_file_requests_idx ON case_file (id) WHERE requests <> '{}';
CREATE INDEX quarantine_open_idx ON quarantine (id) WHERE resolution = '';
RESET ROLE;

-- +goose Down
SET LOCAL ROLE guatu_owner;
SET LOCAL search_path = guatu, public;
DROP INDEX quarantine_open_idx;
DROP INDEX case_file_requests_idx;
RESET ROLE;
