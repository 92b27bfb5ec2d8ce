CREATE SCHEMA exports;
GRANT USAGE ON SCHEMA exports TO wengang_app, wengang_worker, wengang_auditor;

-- 导出: every list that left the system as a file, and every wish to take one that needs a second officer (trust.md).
CREATE TABLE exports.export (
  export_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  route text NOT NULL,                       -- path of the list's download route
  title text NOT NULL CHECK (title <> ''),
  about text NOT NULL,                       -- the filters in the officer's words
  input jsonb NOT NULL,                      -- the filters as sent; frozen, so that what was approved is what is taken
  purpose text NOT NULL CHECK (length(purpose) BETWEEN 4 AND 100),
  persons boolean NOT NULL,                  -- whether its rows are people
  unmasked boolean NOT NULL,                 -- whether numbers stand in it whole
  region text COLLATE "C" NOT NULL,          -- area of the officer who asked
  officer_id bigint NOT NULL,
  officer_name text NOT NULL,
  organisation text NOT NULL,
  business_date date NOT NULL,
  state text NOT NULL CHECK (state IN ('direct', 'waiting', 'approved', 'refused', 'withdrawn')),
  rows_asked int NOT NULL CHECK (rows_asked >= 0),
  rows_written int CHECK (rows_written >= 0),
  sha256 text,                               -- of the file last given out
  takes smallint NOT NULL DEFAULT 0 CHECK (takes BETWEEN 0 AND 3),
  asked_at timestamptz NOT NULL DEFAULT now(),
  taken_at timestamptz,
  decided_by bigint,
  decided_name text,
  decided_organisation text,
  decided_at timestamptz,
  decision_note text,
  expires_at timestamptz,
  -- Nobody approves his own, and nothing large or unmasked leaves without somebody's approval.
  CHECK (decided_by IS DISTINCT FROM officer_id),
  CHECK ((state IN ('approved', 'refused')) = (decided_by IS NOT NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (decided_name IS NULL)),
  CHECK ((state = 'approved') = (expires_at IS NOT NULL)),
  CHECK (takes = 0 OR state IN ('direct', 'approved')),
  CHECK (takes = 0 OR (rows_written IS NOT NULL AND sha256 IS NOT NULL AND taken_at IS NOT NULL)),
  CHECK (state <> 'direct' OR NOT unmasked AND (NOT persons OR rows_asked <= 1000))
);
CREATE INDEX export_officer ON exports.export (officer_id, export_id DESC);
CREATE INDEX export_region ON exports.export (region, export_id DESC);
CREATE INDEX export_waiting ON exports.export (region) WHERE state = 'waiting';

ALTER TABLE exports.export ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports.export FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_area ON exports.export FOR SELECT TO wengang_app USING (
  officer_id = platform.officer() OR platform.sees(region, (SELECT platform.scope())) OR (platform.audits() AND platform.administers(region)));
CREATE POLICY asked_by_oneself ON exports.export FOR INSERT TO wengang_app WITH CHECK (officer_id = platform.officer());
CREATE POLICY taken_or_decided ON exports.export FOR UPDATE TO wengang_app
  USING (officer_id = platform.officer() OR platform.sees(region, (SELECT platform.scope())))
  -- Whoever decides writes his own name; whoever takes is the one who asked.
  WITH CHECK (officer_id = platform.officer() OR decided_by = platform.officer());
CREATE POLICY worker_reads ON exports.export FOR SELECT TO wengang_worker USING (true);
GRANT SELECT, INSERT ON exports.export TO wengang_app;
GRANT UPDATE (state, rows_written, sha256, takes, taken_at, decided_by, decided_name, decided_organisation, decided_at, decision_note, expires_at)
  ON exports.export TO wengang_app;
GRANT SELECT ON exports.export TO wengang_worker, wengang_auditor;
CREATE POLICY auditor_role_reads ON exports.export FOR SELECT TO wengang_auditor USING (true);

-- A keyed hash of what identifies each row that was given out: a found list names its export even without its heading.
CREATE TABLE exports.mark (
  export_id bigint NOT NULL REFERENCES exports.export,
  mark bigint NOT NULL,
  PRIMARY KEY (mark, export_id)
);
ALTER TABLE exports.mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports.mark FORCE ROW LEVEL SECURITY;
CREATE POLICY made_by_oneself ON exports.mark FOR INSERT TO wengang_app WITH CHECK (
  EXISTS (SELECT FROM exports.export e WHERE e.export_id = mark.export_id AND e.officer_id = platform.officer()));
-- ON CONFLICT asks to see a row that is there already.
CREATE POLICY own_or_audited ON exports.mark FOR SELECT TO wengang_app USING (
  EXISTS (SELECT FROM exports.export e WHERE e.export_id = mark.export_id AND (platform.audits() OR e.officer_id = platform.officer())));
GRANT SELECT, INSERT ON exports.mark TO wengang_app;
