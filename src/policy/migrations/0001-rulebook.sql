CREATE SCHEMA policy;
GRANT USAGE ON SCHEMA policy TO wengang_app, wengang_worker;

-- Files name divisions by six digits; areas are prefixes: 430000 → 43; 000000, which is everywhere → ''.
CREATE FUNCTION policy.division_prefix(code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN code = '000000' THEN '' WHEN code LIKE '%0000' THEN left(code, 2) WHEN code LIKE '%00' THEN left(code, 4) ELSE code END $$;

-- A rule, or a shared parameter, as it was written at one moment: its text is never changed. Several are in force on different
-- dates (their own windows); of the same rule with the same beginning the one published last holds, and the others are superseded.
CREATE TABLE policy.version (
  version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  path text NOT NULL,                             -- 'policies/measures/<id>/<region>[-<version>].yaml', also of exports
  kind text NOT NULL CHECK (kind IN ('measure', 'check', 'duty', 'indicator', 'parameter')),
  rule_id text NOT NULL,
  region text COLLATE "C" NOT NULL DEFAULT '',    -- division whose rule it is; '' of a parameter that several share
  title text NOT NULL,
  source text NOT NULL,                           -- the YAML
  cases text,                                     -- cases.yaml, of measures
  hash text NOT NULL,                             -- SHA-256 of source and cases
  in_force_from date,
  in_force_to date,
  origin text NOT NULL CHECK (origin IN ('shipped', 'local')),
  state text NOT NULL CHECK (state IN ('draft', 'proposed', 'published', 'superseded', 'withdrawn')),
  based_on bigint REFERENCES policy.version (version_id),
  gate jsonb,                                     -- what the safety gate found when it was proposed
  override_reason text,
  drafted_by bigint,
  drafted_by_name text NOT NULL DEFAULT '',
  drafted_at timestamptz NOT NULL DEFAULT now(),
  published_by bigint,
  published_by_name text,
  published_at timestamptz,
  lock int NOT NULL DEFAULT 1,                    -- of a draft, which is the only state whose text may still change
  CHECK ((state IN ('published', 'superseded')) = (published_at IS NOT NULL) OR state = 'withdrawn'),
  CHECK (published_by IS NULL OR published_by IS DISTINCT FROM drafted_by)   -- a second officer
);
CREATE UNIQUE INDEX version_in_force ON policy.version (path) WHERE state = 'published';
CREATE INDEX version_rule ON policy.version (kind, rule_id, region, version_id DESC);

CREATE FUNCTION policy.keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW.source, NEW.cases, NEW.hash, NEW.path) IS DISTINCT FROM (OLD.source, OLD.cases, OLD.hash, OLD.path) THEN
    RAISE EXCEPTION 'a version that has left its desk is never changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_is_immutable BEFORE UPDATE ON policy.version FOR EACH ROW EXECUTE FUNCTION policy.keep_version();

-- The law is for everybody to read; who may write it is the action's permission and the area of its division.
GRANT SELECT ON policy.version TO wengang_app, wengang_worker;
GRANT INSERT, UPDATE ON policy.version TO wengang_app, wengang_worker;
ALTER TABLE policy.version ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.version FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON policy.version FOR SELECT TO wengang_app USING (true);
CREATE POLICY write_own ON policy.version FOR INSERT TO wengang_app WITH CHECK (platform.sees(policy.division_prefix(region), (SELECT platform.scope())));
CREATE POLICY change_own ON policy.version FOR UPDATE TO wengang_app USING (platform.sees(policy.division_prefix(region), (SELECT platform.scope())));
CREATE POLICY worker_all ON policy.version TO wengang_worker USING (true) WITH CHECK (true);

-- What a locality has set where a rule leaves it to it. Dated; a later document ends the earlier value.
CREATE TABLE policy.setting (
  setting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parameter text NOT NULL,                        -- '<shared id>', or '<measure>/<region>:<name>'
  region text COLLATE "C" NOT NULL,               -- six digits
  for_case text,
  value jsonb NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  document text NOT NULL CHECK (document <> ''),
  document_date date,
  sample boolean NOT NULL DEFAULT false,          -- made up for demonstrations, and said to be wherever it is shown
  set_by bigint,
  set_by_name text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now(),
  removed_by_name text,
  removed_at timestamptz,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX setting_once ON policy.setting (parameter, region, coalesce(for_case, ''), valid_from) WHERE removed_at IS NULL;
ALTER TABLE policy.setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.setting FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON policy.setting FOR SELECT TO wengang_app USING (true);
CREATE POLICY write_own ON policy.setting FOR INSERT TO wengang_app WITH CHECK (platform.sees(policy.division_prefix(region), (SELECT platform.scope())));
CREATE POLICY change_own ON policy.setting FOR UPDATE TO wengang_app USING (platform.sees(policy.division_prefix(region), (SELECT platform.scope())));
CREATE POLICY worker_all ON policy.setting TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON policy.setting TO wengang_app, wengang_worker;

-- One screening of one rule over a scope: what it was asked, when, and how it came out.
CREATE TABLE policy.screening (
  screening_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version_id bigint NOT NULL REFERENCES policy.version (version_id),
  reason text NOT NULL CHECK (reason IN ('nightly', 'batch', 'merge', 'asked', 'rule', 'setting')),
  batch_id bigint,
  as_of date NOT NULL,
  rows bigint NOT NULL DEFAULT 0,
  seconds numeric(10, 3) NOT NULL DEFAULT 0,
  finished_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX screening_version ON policy.screening (version_id, screening_id DESC);
GRANT SELECT, INSERT ON policy.screening TO wengang_worker;

-- Rows somebody must act on: payable, partly, not yet, unknown, to be judged. One row per rule version and row of its source.
CREATE TABLE policy.result (
  version_id bigint NOT NULL,
  row_key text COLLATE "C" NOT NULL,              -- the source row's key, its columns joined by '|'
  region text COLLATE "C" NOT NULL,               -- whose office it concerns
  person_id bigint,
  claim text COLLATE "C",                         -- of sources whose rows are parts of one claim
  outcome text NOT NULL,
  amount_fen bigint,
  fund text,
  event_date date,
  not_yet date,
  unknown text[] NOT NULL DEFAULT '{}',
  missing_facts text[] NOT NULL DEFAULT '{}',
  missing_parameters text[] NOT NULL DEFAULT '{}',
  review text[] NOT NULL DEFAULT '{}',
  as_of date NOT NULL,
  screening_id bigint NOT NULL,
  PRIMARY KEY (version_id, row_key)
);
CREATE INDEX result_region ON policy.result (region, version_id, outcome);
CREATE INDEX result_person ON policy.result (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE policy.result ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.result FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON policy.result FOR SELECT TO wengang_app USING (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON policy.result TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT ON policy.result TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON policy.result TO wengang_worker;

-- How many rows of each county came out how, refusals with what refused them. Of the last screening of the whole.
CREATE TABLE policy.tally (
  version_id bigint NOT NULL,
  county text COLLATE "C" NOT NULL,
  outcome text NOT NULL,
  rows bigint NOT NULL,
  amount_fen bigint NOT NULL DEFAULT 0,
  failed jsonb NOT NULL DEFAULT '{}',             -- condition → rows that it refused
  as_of date NOT NULL,
  PRIMARY KEY (version_id, county, outcome)
);
ALTER TABLE policy.tally ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.tally FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON policy.tally FOR SELECT TO wengang_app USING (platform.sees(county, (SELECT platform.scope())));
CREATE POLICY worker_all ON policy.tally TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT ON policy.tally TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON policy.tally TO wengang_worker;

-- Persons whom a batch touched, while they are screened. May be lost at any time.
CREATE UNLOGGED TABLE policy.touched (
  batch_id bigint NOT NULL,
  person_id bigint NOT NULL,
  PRIMARY KEY (batch_id, person_id)
);
GRANT SELECT, INSERT, DELETE ON policy.touched TO wengang_worker;

-- Facts of a source that no domain has tables for: kept as they were sent, by the columns of the source's dictionary.
CREATE TABLE policy.fact_row (
  fact_row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  code text COLLATE "C" NOT NULL CHECK (code <> ''),
  person_id bigint REFERENCES registry.person (person_id),
  employer_id bigint REFERENCES registry.employer (employer_id),
  facts jsonb NOT NULL DEFAULT '{}',
  UNIQUE (source, code)
);
CREATE INDEX fact_row_person ON policy.fact_row (person_id) WHERE person_id IS NOT NULL;
SELECT registers.keep('policy.fact_row'::regclass, 'fact_row_id');

-- A question about a rule that changes nothing: what a text would cost, or what another one would change. The report is kept for
-- whoever asked and whoever decides; of the registry nothing is written.
CREATE TABLE policy.simulation (
  simulation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,               -- scope: a prefix that lies in the asker's area
  as_of date NOT NULL,
  version_id bigint NOT NULL REFERENCES policy.version (version_id),
  beside bigint REFERENCES policy.version (version_id),
  report jsonb,
  asked_by bigint,
  asked_by_name text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
ALTER TABLE policy.simulation ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.simulation FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON policy.simulation TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON policy.simulation TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON policy.simulation TO wengang_app;
GRANT SELECT, INSERT, UPDATE ON policy.simulation TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA policy TO wengang_app, wengang_worker;
