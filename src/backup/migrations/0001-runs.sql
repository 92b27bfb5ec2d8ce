CREATE SCHEMA backup;
GRANT USAGE ON SCHEMA backup TO wengang_app, wengang_worker;

-- 备份: each run of the scheduled backup or one asked for. Holds no person: the files lie outside the database, encrypted.
CREATE TABLE backup.run (
  run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  path text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'removed')),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  bytes bigint,
  tables int,
  rows bigint,
  files int,
  missing int,                                 -- files that a table names and the store did not have
  verified_at timestamptz,                     -- when the file was last read whole and found good
  problem text
);
CREATE INDEX run_started ON backup.run (started_at DESC);
GRANT SELECT ON backup.run TO wengang_app;
GRANT SELECT, INSERT, UPDATE ON backup.run TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA backup TO wengang_worker;
