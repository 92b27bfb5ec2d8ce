CREATE SCHEMA privacy;
GRANT USAGE ON SCHEMA privacy TO wengang_app, wengang_worker;

-- 保存期限: how long a class of data is kept in a province. Proposed by one officer and agreed to by another; nothing of a person goes
-- by a length that nobody agreed to.
CREATE TABLE privacy.setting (
  setting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area text COLLATE "C" NOT NULL CHECK (area ~ '^(\d{2})?$'),     -- province; empty: the whole installation
  period text NOT NULL,
  length int NOT NULL CHECK (length BETWEEN 1 AND 1200),
  unit text NOT NULL CHECK (unit IN ('months', 'days')),
  reason text NOT NULL CHECK (reason <> ''),
  would_go bigint,                                 -- rows that would go by it, as the last preview counted
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
  proposed_by bigint NOT NULL,
  proposed_by_name text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT now(),
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  note text NOT NULL DEFAULT '',
  CHECK (decided_by IS DISTINCT FROM proposed_by),
  CHECK ((state IN ('approved', 'refused')) = (decided_by IS NOT NULL))
);
CREATE UNIQUE INDEX setting_waiting ON privacy.setting (area, period) WHERE state = 'waiting';
CREATE INDEX setting_area ON privacy.setting (area, period, setting_id DESC);

-- 清除: one run, and what went in it. Counts only.
CREATE TABLE privacy.run (
  run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('nightly', 'asked', 'request', 'consent', 'restored')),
  business_date date NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done')),
  asked_by_name text NOT NULL DEFAULT '',
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  digest text,                                     -- of the certificate, as the audit log has it
  CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
CREATE TABLE privacy.run_count (
  run_id bigint NOT NULL REFERENCES privacy.run (run_id),
  rule text NOT NULL,
  county text COLLATE "C" NOT NULL,
  table_name text NOT NULL,
  rows bigint NOT NULL,
  last_day date,                                   -- what came to its end on this day or before
  PRIMARY KEY (run_id, rule, county, table_name)
);
-- 预览: what would go now, by the lengths agreed to or, without one, the proposed or exemplary ones.
CREATE TABLE privacy.preview (
  rule text NOT NULL,
  county text COLLATE "C" NOT NULL,
  table_name text NOT NULL,
  rows bigint NOT NULL,
  held bigint NOT NULL,                            -- besides: over, but held
  agreed boolean NOT NULL,
  as_of date NOT NULL,
  computed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (rule, county)
);

-- Who was erased, by the keyed hashes of his numbers and nothing else: a backup that is restored brings him back, and the next start
-- erases him again. The same list lies with the keys, outside of every backup.
CREATE TABLE privacy.tombstone (
  tombstone_id uuid PRIMARY KEY,
  key_hash uuid NOT NULL,
  erased_on date NOT NULL
);

-- 删除申请 (个人信息保护法 第四十七条).
CREATE TABLE privacy.request (
  request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint,                                -- empty once he is erased
  home_region text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  asked_on date NOT NULL,
  due_on date NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'done')),
  kept_until date,                                 -- of a refusal: until when the law keeps something
  answer text NOT NULL DEFAULT '',
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  CHECK (state NOT IN ('approved', 'refused', 'done') OR decided_by IS NOT NULL AND answer <> ''),
  CHECK (person_id IS NOT NULL OR state = 'done')
);
CREATE UNIQUE INDEX request_open ON privacy.request (person_id) WHERE state IN ('waiting', 'approved');
CREATE INDEX request_region ON privacy.request (home_region, request_id DESC);

-- 单独同意: what a person agreed to apart from all else, and took back.
CREATE TABLE privacy.consent (
  person_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('health', 'disability', 'place', 'voice')),
  home_region text COLLATE "C" NOT NULL,
  given_at timestamptz,
  withdrawn_at timestamptz,
  PRIMARY KEY (person_id, kind),
  CHECK (given_at IS NOT NULL OR withdrawn_at IS NOT NULL)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['setting', 'run', 'run_count', 'preview', 'tombstone', 'request', 'consent'] LOOP
    EXECUTE format('ALTER TABLE privacy.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE privacy.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY worker_all ON privacy.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.%I TO wengang_worker', t);
  END LOOP;
END $$;
-- Lengths are no secret among administrators of the province or a part of it; who proposes or decides answers for the whole of it.
CREATE POLICY known ON privacy.setting FOR SELECT TO wengang_app USING (
  platform.administers(area) OR starts_with(coalesce(current_setting('app.administers', true), ''), area) AND coalesce(current_setting('app.administers', true), '') <> '');
CREATE POLICY proposed ON privacy.setting FOR INSERT TO wengang_app WITH CHECK (platform.administers(area) AND proposed_by = platform.officer() AND state = 'waiting');
CREATE POLICY decided ON privacy.setting FOR UPDATE TO wengang_app USING (platform.administers(area) AND state = 'waiting')
  WITH CHECK (decided_by = platform.officer() OR state = 'withdrawn' AND proposed_by = platform.officer());
GRANT SELECT, INSERT (area, period, length, unit, reason, would_go, proposed_by, proposed_by_name), UPDATE (state, decided_by, decided_by_name, decided_at, note) ON privacy.setting TO wengang_app;

CREATE POLICY administrators ON privacy.run FOR SELECT TO wengang_app USING (coalesce(current_setting('app.administers', true), '') <> '' OR platform.audits());
-- Of no county: codes of telephones, files that a kill left.
CREATE POLICY of_none ON privacy.run_count FOR SELECT TO wengang_app USING (county = '' AND (coalesce(current_setting('app.administers', true), '') <> '' OR platform.audits()));
CREATE POLICY by_county ON privacy.run_count FOR SELECT TO wengang_app USING (platform.administers(county) OR platform.audits() AND platform.sees(county, (SELECT platform.scope())));
CREATE POLICY by_county ON privacy.preview FOR SELECT TO wengang_app USING (platform.administers(county) OR platform.audits() AND platform.sees(county, (SELECT platform.scope())));
GRANT SELECT ON privacy.run, privacy.run_count, privacy.preview TO wengang_app;

CREATE POLICY at_home ON privacy.request FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY own ON privacy.request FOR SELECT TO wengang_app USING (person_id = platform.person());
CREATE POLICY asked ON privacy.request FOR INSERT TO wengang_app WITH CHECK (person_id = platform.person() AND state = 'waiting');
CREATE POLICY decided ON privacy.request FOR UPDATE TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())) AND state = 'waiting')
  WITH CHECK (decided_by = platform.officer() AND state IN ('approved', 'refused'));
CREATE POLICY taken_back ON privacy.request FOR UPDATE TO wengang_app USING (person_id = platform.person() AND state = 'waiting')
  WITH CHECK (person_id = platform.person() AND state = 'withdrawn' AND decided_by IS NULL);
GRANT SELECT, INSERT (person_id, home_region, reason, asked_on, due_on), UPDATE (state, kept_until, answer, decided_by, decided_by_name, decided_at) ON privacy.request TO wengang_app;

CREATE POLICY own ON privacy.consent TO wengang_app USING (person_id = platform.person()) WITH CHECK (person_id = platform.person());
CREATE POLICY at_home ON privacy.consent FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));
GRANT SELECT, INSERT, UPDATE (given_at, withdrawn_at) ON privacy.consent TO wengang_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA privacy TO wengang_app, wengang_worker;
