-- Who runs on this database: one row per process, beaten every ten seconds. After a crash of the server nobody does.
CREATE UNLOGGED TABLE platform.instance (
  instance_id uuid PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('server', 'worker')),
  version text NOT NULL,
  host text NOT NULL,
  process_id int NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  stopping boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
GRANT SELECT ON platform.instance TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.instance TO wengang_worker;

-- Statements that took longer than the limit. Texts have lost their literals, plans their conditions: no value of anybody stands here,
-- and of the scope its kind alone.
CREATE TABLE platform.slow_statement (
  slow_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  instance uuid NOT NULL,
  role text NOT NULL,
  name text NOT NULL,
  fingerprint text NOT NULL,
  text text NOT NULL,
  milliseconds int NOT NULL,
  rows bigint NOT NULL,
  scope_kind text NOT NULL,                    -- region, administration, self, none, worker
  trace_id text,
  plan jsonb
);
CREATE INDEX slow_statement_at ON platform.slow_statement (at DESC);
GRANT SELECT ON platform.slow_statement TO wengang_app;
GRANT SELECT, INSERT, DELETE ON platform.slow_statement TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA platform TO wengang_worker;

-- How often something was asked in a window of time, over all instances. The bucket is a keyed hash: neither an account nor an address
-- can be read from it. Unlogged: a crash forgives everybody, and counting costs no log.
CREATE UNLOGGED TABLE platform.rate_count (
  bucket text PRIMARY KEY,
  points int NOT NULL,
  until timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX rate_count_until ON platform.rate_count (until);
GRANT SELECT, INSERT, UPDATE ON platform.rate_count TO wengang_app;
GRANT SELECT, DELETE ON platform.rate_count TO wengang_worker;

-- Requests refused by a limit or by load, by hour: what the page 运行状态 shows. Whom they met is nowhere kept.
CREATE TABLE platform.refusal_hour (
  hour timestamptz NOT NULL,
  cause text NOT NULL,                         -- limit, load
  class text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (hour, cause, class)
);
GRANT SELECT ON platform.refusal_hour TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.refusal_hour TO wengang_worker;

-- Whether the database has the tables that a program knows is asked by each server of itself (/readyz).
GRANT SELECT ON platform.migration TO wengang_worker;
