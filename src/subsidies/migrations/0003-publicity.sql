-- 公示: a list of what is to be paid under one rule, open to everybody for so many working days. What is shown stands in it as it was
-- when it was published; `digest` is over those lines and goes into the audit log, whose signed days let anyone check a list later.
CREATE TABLE subsidies.publication (
  publication_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('GS' || region || '-' || lpad(publication_id::text, greatest(6, length(publication_id::text)), '0')) STORED,
  region text COLLATE "C" NOT NULL,
  rule_id text NOT NULL,
  title text NOT NULL,
  fund text NOT NULL,
  claims int NOT NULL,
  amount_fen bigint NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,                         -- last day
  state text NOT NULL CHECK (state IN ('open', 'ended')),
  digest text NOT NULL,
  contact text NOT NULL CHECK (contact <> ''),   -- where objections are taken
  published_by_name text NOT NULL,
  CHECK (ends_on >= starts_on)
);
CREATE INDEX publication_region ON subsidies.publication (region, state, ends_on);

CREATE TABLE subsidies.publication_line (
  publication_id bigint NOT NULL REFERENCES subsidies.publication (publication_id),
  line int NOT NULL,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,              -- of the publication
  village text COLLATE "C" NOT NULL,             -- where a person is at home; of others the office's own
  payee_name text NOT NULL,
  identity_mask text NOT NULL DEFAULT '',
  persons int NOT NULL,
  amount_fen bigint NOT NULL,
  taken_out boolean NOT NULL DEFAULT false,      -- an objection was upheld
  PRIMARY KEY (publication_id, line),
  UNIQUE (publication_id, claim_id)
);
CREATE INDEX publication_line_claim ON subsidies.publication_line (claim_id);

-- 异议: holds the one claim it is about, and nothing else of the list.
CREATE TABLE subsidies.objection (
  objection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  publication_id bigint NOT NULL REFERENCES subsidies.publication (publication_id),
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,
  raised_by text NOT NULL CHECK (raised_by <> ''),
  content text NOT NULL CHECK (content <> ''),
  raised_on date NOT NULL,
  due_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'upheld', 'rejected')),
  answer text,
  recorded_by bigint,
  decided_by bigint,
  decided_by_name text,
  decided_on date,
  CHECK ((state = 'open') = (decided_on IS NULL)),
  CHECK (decided_by IS NULL OR decided_by IS DISTINCT FROM recorded_by)   -- who took it down does not decide it
);
CREATE INDEX objection_claim ON subsidies.objection (claim_id) WHERE state = 'open';
CREATE INDEX objection_region ON subsidies.objection (region, state, due_on);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['publication', 'publication_line', 'objection'] LOOP
    EXECUTE format('ALTER TABLE subsidies.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE subsidies.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY by_region ON subsidies.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
    EXECUTE format('CREATE POLICY worker_all ON subsidies.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON subsidies.publication, subsidies.publication_line, subsidies.objection TO wengang_app, wengang_worker;
-- What was published does not change but for its end and for what was taken out.
GRANT UPDATE (state) ON subsidies.publication TO wengang_app, wengang_worker;
GRANT UPDATE (taken_out) ON subsidies.publication_line TO wengang_app, wengang_worker;
-- Names go when a person is erased.
GRANT UPDATE (payee_name, identity_mask) ON subsidies.publication_line TO wengang_worker;
GRANT UPDATE (state, answer, decided_by, decided_by_name, decided_on) ON subsidies.objection TO wengang_app, wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA subsidies TO wengang_app, wengang_worker;
