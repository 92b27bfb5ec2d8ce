-- Schema platform: what every domain stands on. Created by the migration runner itself.
GRANT USAGE ON SCHEMA platform TO wengang_app, wengang_worker, wengang_auditor;

-- One row: facts about this installation, such as the fingerprint of the master key and whether it was created as a demo.
CREATE TABLE platform.installation (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  key_fingerprint text NOT NULL,
  demo boolean NOT NULL,
  business_dates jsonb NOT NULL DEFAULT '{}', -- fixed dates of a demo by region prefix; none: today
  seeded_at timestamptz,                    -- when the demo's data were all in; until then a start seeds again
  created_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON platform.installation TO wengang_app, wengang_worker, wengang_auditor;
GRANT UPDATE (seeded_at) ON platform.installation TO wengang_worker;

-- Row security asks these functions. An unset or empty setting sees nothing; "*" is the whole installation.
-- They are SQL functions that the planner inlines, so a region range stays usable by an index. A policy says
-- `platform.sees(region, (SELECT platform.scope()))`: as a subquery the setting is read once a statement, and not for every row (half the
-- time of a scan); within coalesce the planner takes half of the rows to be seen, where starts_with alone would be one in two hundred.
CREATE FUNCTION platform.scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE current_setting('app.region', true) WHEN '*' THEN '' WHEN '' THEN NULL ELSE current_setting('app.region', true) END $$;
CREATE FUNCTION platform.sees(region text, scope text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(starts_with(region, scope), false) $$;
CREATE FUNCTION platform.administers(region text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.administers', true), '') = '*' OR starts_with(region, nullif(current_setting('app.administers', true), '')), false) $$;
CREATE FUNCTION platform.audits() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('app.audits', true), '') = 'yes' $$;
CREATE FUNCTION platform.officer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.officer', true), '')::bigint $$;

-- Progress of background work, readable while it runs. The queue itself is graphile_worker's.
CREATE TABLE platform.task (
  task_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  subject text NOT NULL DEFAULT '',         -- what it works on, e.g. "ledger.batch:12"
  region text COLLATE "C" NOT NULL,
  officer_id bigint,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  stage text NOT NULL DEFAULT '',           -- Chinese words for what it does now
  done bigint NOT NULL DEFAULT 0,
  total bigint,
  problem jsonb,
  queued_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX task_subject ON platform.task (subject, task_id DESC);
ALTER TABLE platform.task ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.task FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON platform.task TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
-- What an administrator asks for (a backup) is about no region's business, of which he sees nothing: it is his own.
CREATE POLICY own ON platform.task TO wengang_app USING (officer_id = platform.officer()) WITH CHECK (officer_id = platform.officer());
CREATE POLICY worker_all ON platform.task TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON platform.task TO wengang_app;
GRANT SELECT, INSERT, UPDATE ON platform.task TO wengang_worker;

-- Events of domains, written with the act that caused them; the worker hands each to its subscribers.
CREATE TABLE platform.event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  payload jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz
);
CREATE INDEX event_waiting ON platform.event (event_id) WHERE delivered_at IS NULL;
GRANT INSERT ON platform.event TO wengang_app;
GRANT SELECT, INSERT, UPDATE ON platform.event TO wengang_worker;

-- What the file store holds: the bytes lie in a folder or bucket, encrypted.
CREATE TABLE platform.file (
  file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  bytes bigint NOT NULL CHECK (bytes >= 0),
  sha256 text NOT NULL,
  media_type text NOT NULL,
  region text COLLATE "C" NOT NULL,
  purpose text NOT NULL,
  officer_id bigint,
  stored_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz
);
ALTER TABLE platform.file ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform.file FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON platform.file TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON platform.file TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON platform.file TO wengang_app, wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA platform TO wengang_app, wengang_worker;

-- Versions of the envelope key that the data have seen, with the mark of each; the keys themselves lie outside. `rewritten_at`: when
-- everything older had been sealed anew under this version.
CREATE TABLE platform.key_version (
  version smallint PRIMARY KEY CHECK (version BETWEEN 1 AND 255),
  fingerprint text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  rewritten_at timestamptz
);
GRANT SELECT ON platform.key_version TO wengang_app, wengang_worker;
GRANT INSERT, UPDATE (rewritten_at) ON platform.key_version TO wengang_worker;
