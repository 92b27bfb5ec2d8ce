CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO wengang_app, wengang_worker, wengang_auditor;

-- 审计日志: written with its act, append-only by grant; nobody who serves may change or delete a row. One partition per month
-- (0002), so that a month leaves as a whole when it has been archived.
CREATE TABLE audit.entry (
  entry_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL CHECK (kind IN ('query', 'export', 'change', 'unmask', 'sign-in')),
  act text NOT NULL CHECK (act <> ''),
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
  officer_id bigint,                           -- null: nobody signed in, or the operator at the command line
  officer_name text NOT NULL,
  organisation text NOT NULL,
  region text COLLATE "C" NOT NULL,            -- of what was touched; '' when an unknown account tried to sign in
  subject text,                                -- what was touched, e.g. "ledger.batch:12"
  count bigint CHECK (count >= 0),
  detail jsonb NOT NULL DEFAULT '{}',
  problem text,
  ip text NOT NULL DEFAULT '',
  request_id text NOT NULL DEFAULT '',
  -- The sealer takes rows by this, not by number: numbers are given before the row commits, and a late one would be passed over.
  -- Means nothing in another cluster, so that backups leave it out; no part of what is sealed.
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (entry_id, at),
  CHECK ((outcome = 'refused') = (problem IS NOT NULL))
) PARTITION BY RANGE (at);
CREATE INDEX entry_at ON audit.entry (at DESC, entry_id DESC);
CREATE INDEX entry_region ON audit.entry (region, entry_id DESC);
CREATE INDEX entry_officer ON audit.entry (officer_id, entry_id DESC);
CREATE INDEX entry_subject ON audit.entry (subject, entry_id DESC) WHERE subject IS NOT NULL;
CREATE INDEX entry_tx ON audit.entry (tx);

ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.entry FORCE ROW LEVEL SECURITY;
-- Nobody writes in another's name. Signing in is the one act done before the officer is known.
CREATE POLICY written_by_oneself ON audit.entry FOR INSERT TO wengang_app
  WITH CHECK (officer_id IS NOT DISTINCT FROM platform.officer() OR (kind = 'sign-in' AND platform.officer() IS NULL));
CREATE POLICY written_by_worker ON audit.entry FOR INSERT TO wengang_worker WITH CHECK (true);
-- Attempts with an unknown account belong to no region: those who watch over accounts see them.
CREATE POLICY auditors_read ON audit.entry FOR SELECT TO wengang_app USING (
  platform.audits() AND (platform.sees(region, (SELECT platform.scope())) OR platform.administers(region)
    OR (region = '' AND nullif(current_setting('app.administers', true), '') IS NOT NULL)));
CREATE POLICY auditor_role_reads ON audit.entry FOR SELECT TO wengang_auditor USING (true);

-- No grant on entry_id and at: the database numbers and dates each row, so that nobody can write into the past.
GRANT SELECT, INSERT (kind, act, outcome, officer_id, officer_name, organisation, region, subject, count, detail, problem, ip, request_id)
  ON audit.entry TO wengang_app;
GRANT INSERT (kind, act, outcome, officer_id, officer_name, organisation, region, subject, count, detail, problem, ip, request_id)
  ON audit.entry TO wengang_worker;
GRANT SELECT ON audit.entry TO wengang_auditor;
