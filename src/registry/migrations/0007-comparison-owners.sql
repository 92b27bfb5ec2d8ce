-- Who sees to a comparison task: the officer, with the names as they were when he took it or was given it.
ALTER TABLE registry.comparison
  ADD COLUMN owner_id bigint,
  ADD COLUMN owner_name text,
  ADD COLUMN owner_office text,
  ADD COLUMN owned_since timestamptz;
CREATE INDEX comparison_owner ON registry.comparison (owner_id) WHERE state = 'open' AND owner_id IS NOT NULL;
