-- 申请: what somebody asks for, one thing or several that one event of life opens. Drafted by the account itself or by an officer for him
-- (代办、上门办), or taken for another county (跨省通办). What it comes to are claims; until then it belongs to whoever wrote it.
CREATE TABLE subsidies.application (
  application_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('SQ' || left(region, 6) || '-' || lpad(application_id::text, greatest(8, length(application_id::text)), '0')) STORED,
  region text COLLATE "C" NOT NULL,              -- where it was taken: the office's area, or the applicant's own home
  pays_region text COLLATE "C" NOT NULL,         -- county that is asked to decide
  bundle text,                                   -- 一件事
  subject text COLLATE "C" NOT NULL,             -- the measures, by id, that it is about
  person_id bigint,
  employer_id bigint,
  applicant_name text NOT NULL,
  identity_mask text,                            -- of somebody of another county, whom the taker cannot look up
  identity_hash uuid,
  secret bytea,                                  -- his number, for the county that pays
  way text NOT NULL CHECK (way IN ('self', 'counter', 'visit', 'authorised')),
  agent text,                                    -- 代办、上门办: who fills it in and on what authority
  mandate_id bigint,                             -- 代办授权, where that is the authority
  account_id bigint,
  taken_by bigint,
  taken_by_name text NOT NULL,
  organisation text NOT NULL DEFAULT '',
  declared boolean NOT NULL DEFAULT false,       -- 告知承诺: what is stated is true, and the consequences are known
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'forwarded', 'returned', 'lodged', 'withdrawn')),
  begun_on date NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(), -- last time that its writer added something (trigger below): from then a draft is kept so long
  submitted_on date,
  answered_on date,
  answered_by_name text,
  answer text NOT NULL DEFAULT '',
  lock int NOT NULL DEFAULT 1,
  -- Written by an account or by an officer, never by nobody; for a person, an enterprise, or somebody whom only the other county knows.
  CHECK (num_nonnulls(account_id, taken_by) = 1),
  CHECK (num_nonnulls(person_id, employer_id) <= 1),
  CHECK (person_id IS NOT NULL OR employer_id IS NOT NULL OR identity_hash IS NOT NULL),
  CHECK ((way = 'self') = (account_id IS NOT NULL)),
  CHECK (way = 'self' OR agent IS NOT NULL),
  CONSTRAINT application_declared CHECK (state = 'draft' OR (declared AND submitted_on IS NOT NULL)),
  -- Nothing is decided about somebody who is not known.
  CONSTRAINT application_known CHECK (state <> 'lodged' OR person_id IS NOT NULL OR employer_id IS NOT NULL)
);
CREATE INDEX application_region ON subsidies.application (region, state, application_id DESC);
CREATE INDEX application_pays ON subsidies.application (pays_region, state, application_id DESC);
CREATE INDEX application_person ON subsidies.application (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX application_employer ON subsidies.application (employer_id) WHERE employer_id IS NOT NULL;
CREATE INDEX application_account ON subsidies.application (account_id) WHERE account_id IS NOT NULL;
-- One draft of an applicant for the same thing: a second click goes on with the first.
CREATE UNIQUE INDEX application_one_draft ON subsidies.application (coalesce(person_id, 0), coalesce(employer_id, 0), coalesce(identity_hash, '00000000-0000-0000-0000-000000000000'), coalesce(account_id, 0), coalesce(taken_by, 0), subject, pays_region)
  WHERE state = 'draft';

-- One measure that is applied for.
CREATE TABLE subsidies.application_line (
  line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  application_id bigint NOT NULL REFERENCES subsidies.application (application_id) ON DELETE CASCADE,
  rule_path text COLLATE "C" NOT NULL,
  rule_id text NOT NULL,
  title text NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'waiting', 'claimed', 'refused')),
  why text NOT NULL DEFAULT '',                  -- what it waits for, or why there is nothing to pay
  due_on date,                                   -- last day on which the office answers what waits
  claim_ids bigint[] NOT NULL DEFAULT '{}',      -- one for each county and fund
  decided_by_name text,
  UNIQUE (application_id, rule_path),
  CHECK ((state = 'claimed') = (cardinality(claim_ids) > 0))
);
CREATE INDEX application_line_waiting ON subsidies.application_line (due_on) WHERE state = 'waiting';
CREATE INDEX application_line_claims ON subsidies.application_line USING gin (claim_ids);

-- 承诺的事实: what the applicant states and no register holds. It never stands before what a register holds (claims/decide.ts).
CREATE TABLE subsidies.application_statement (
  application_id bigint NOT NULL REFERENCES subsidies.application (application_id) ON DELETE CASCADE,
  fact text NOT NULL,                            -- as rules name it
  label text NOT NULL,
  value jsonb NOT NULL,
  shown text NOT NULL,                           -- as people read it
  checked text NOT NULL DEFAULT 'waiting' CHECK (checked IN ('waiting', 'accepted', 'rejected')),
  checked_by_name text,
  reason text NOT NULL DEFAULT '',
  PRIMARY KEY (application_id, fact),
  CHECK (checked <> 'rejected' OR reason <> '')
);

CREATE TABLE subsidies.application_file (
  file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  application_id bigint NOT NULL REFERENCES subsidies.application (application_id) ON DELETE CASCADE,
  material text NOT NULL,                        -- which of the documents asked for
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  media_type text NOT NULL,
  added_by_name text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX application_file_of ON subsidies.application_file (application_id);

CREATE FUNCTION subsidies.note_writing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subsidies.application a SET written_at = now() WHERE a.state = 'draft' AND a.application_id IN (SELECT application_id FROM written);
  RETURN NULL;
END $$;
CREATE TRIGGER statement_written AFTER INSERT ON subsidies.application_statement REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION subsidies.note_writing();
CREATE TRIGGER file_written AFTER INSERT ON subsidies.application_file REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION subsidies.note_writing();

-- 定额预付: paid before there is anything to show for it, settled afterwards against what screening finds.
CREATE TABLE subsidies.prepayment (
  prepayment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,
  claim_id bigint NOT NULL UNIQUE REFERENCES subsidies.claim (claim_id),
  rule_path text COLLATE "C" NOT NULL,
  fund text NOT NULL,
  payee_key text COLLATE "C" NOT NULL,
  document text NOT NULL CHECK (document <> ''), -- that allows it
  plan text NOT NULL CHECK (plan <> ''),
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  begun_on date NOT NULL,
  settle_by date NOT NULL,
  -- owed: more was paid than the items come to, and the rest is to come back (应退).
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'void', 'settled', 'owed')),
  settled_on date,
  settled_by bigint,
  settled_by_name text,
  actual_fen bigint CHECK (actual_fen >= 0),
  owed_fen bigint NOT NULL DEFAULT 0 CHECK (owed_fen >= 0),
  balance_claim_id bigint UNIQUE REFERENCES subsidies.claim (claim_id),
  CHECK (settle_by >= begun_on),
  CHECK ((state IN ('settled', 'owed')) = (actual_fen IS NOT NULL AND settled_on IS NOT NULL)),
  CONSTRAINT prepayment_adds_up CHECK (state NOT IN ('settled', 'owed') OR owed_fen = greatest(amount_fen - actual_fen, 0)),
  CHECK ((state = 'owed') = (owed_fen > 0))
);
-- No second one while the first is not settled.
CREATE UNIQUE INDEX prepayment_once ON subsidies.prepayment (region, rule_path, payee_key) WHERE state = 'open';
CREATE INDEX prepayment_region ON subsidies.prepayment (region, state, settle_by);

-- What is owed after a settlement becomes one case, however often it is asked for.
ALTER TABLE subsidies.recovery ADD COLUMN prepayment_id bigint UNIQUE REFERENCES subsidies.prepayment (prepayment_id);

-- A prepaid claim that comes to nothing leaves nothing to settle; taken up again, it is open again, unless another has taken its place.
CREATE FUNCTION subsidies.follow_prepaid_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subsidies.prepayment p SET state = CASE WHEN NEW.state IN ('refused', 'withdrawn') THEN 'void' ELSE 'open' END
  WHERE p.claim_id = NEW.claim_id AND p.state IN ('open', 'void') AND (p.state = 'void') <> (NEW.state IN ('refused', 'withdrawn'));
  RETURN NULL;
END $$;
CREATE TRIGGER prepaid_claim_ends AFTER UPDATE OF state ON subsidies.claim
  FOR EACH ROW WHEN (NEW.way = 'prepaid' AND OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION subsidies.follow_prepaid_claim();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['application', 'application_line', 'application_statement', 'application_file', 'prepayment'] LOOP
    EXECUTE format('ALTER TABLE subsidies.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE subsidies.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY worker_all ON subsidies.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON subsidies.%I TO wengang_worker', t);
  END LOOP;
END $$;
-- A draft is its writer's. Once handed in it is seen where it was taken and where it is decided.
CREATE POLICY taken_here ON subsidies.application FOR SELECT TO wengang_app USING (platform.sees(region, (SELECT platform.scope())) AND (account_id IS NULL OR state <> 'draft'));
CREATE POLICY decided_here ON subsidies.application FOR SELECT TO wengang_app USING (platform.sees(pays_region, (SELECT platform.scope())) AND state <> 'draft');
CREATE POLICY own ON subsidies.application FOR SELECT TO wengang_app
  USING (person_id = platform.person() AND (account_id IS NULL OR account_id = platform.account()) OR employer_id = platform.employer());
CREATE POLICY begun_by_officer ON subsidies.application FOR INSERT TO wengang_app WITH CHECK (platform.sees(region, (SELECT platform.scope())) AND taken_by = platform.officer() AND state = 'draft');
CREATE POLICY begun_by_account ON subsidies.application FOR INSERT TO wengang_app
  WITH CHECK (account_id = platform.account() AND state = 'draft' AND (person_id = platform.person() OR employer_id = platform.employer()));
CREATE POLICY taken_on ON subsidies.application FOR UPDATE TO wengang_app
  USING (platform.sees(region, (SELECT platform.scope())) AND taken_by IS NOT NULL) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY answered ON subsidies.application FOR UPDATE TO wengang_app
  USING (platform.sees(pays_region, (SELECT platform.scope())) AND state = 'forwarded') WITH CHECK (platform.sees(pays_region, (SELECT platform.scope())) AND state IN ('lodged', 'returned', 'forwarded'));
CREATE POLICY handed_in ON subsidies.application FOR UPDATE TO wengang_app
  USING (account_id = platform.account() AND state = 'draft' AND (person_id = platform.person() OR employer_id = platform.employer()))
  WITH CHECK (account_id = platform.account() AND state IN ('draft', 'lodged'));
CREATE POLICY dropped_by_officer ON subsidies.application FOR DELETE TO wengang_app USING (platform.sees(region, (SELECT platform.scope())) AND taken_by IS NOT NULL AND state = 'draft');
CREATE POLICY dropped_by_account ON subsidies.application FOR DELETE TO wengang_app USING (account_id = platform.account() AND state = 'draft');

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['application_line', 'application_statement', 'application_file'] LOOP
    EXECUTE format('CREATE POLICY of_application ON subsidies.%I FOR SELECT TO wengang_app USING (EXISTS (SELECT FROM subsidies.application a WHERE a.application_id = %I.application_id))', t, t);
    -- An account writes into its own draft; officers write where they see the application.
    EXECUTE format('CREATE POLICY written ON subsidies.%I TO wengang_app
      USING (EXISTS (SELECT FROM subsidies.application a WHERE a.application_id = %I.application_id AND (platform.account() IS NULL OR a.account_id = platform.account() AND a.state = ''draft'')))
      WITH CHECK (EXISTS (SELECT FROM subsidies.application a WHERE a.application_id = %I.application_id AND (platform.account() IS NULL OR a.account_id = platform.account() AND a.state = ''draft'')))', t, t, t);
  END LOOP;
END $$;
-- What an office has asked for by 补正 is added by whom it is asked of, and nothing is taken away.
CREATE POLICY supplied ON subsidies.application_file FOR INSERT TO wengang_app WITH CHECK (EXISTS (SELECT FROM subsidies.application a
  JOIN subsidies.application_line l ON l.application_id = a.application_id JOIN subsidies.claim c ON c.claim_id = ANY(l.claim_ids)
  WHERE a.application_id = application_file.application_id AND a.state = 'lodged' AND c.state = 'correction' AND (a.person_id = platform.person() OR a.employer_id = platform.employer())));
GRANT SELECT, INSERT, DELETE, UPDATE ON subsidies.application TO wengang_app;
GRANT SELECT, INSERT, DELETE, UPDATE (state, why, due_on, decided_by_name) ON subsidies.application_line TO wengang_app;
GRANT SELECT, INSERT, DELETE, UPDATE (value, shown, checked, checked_by_name, reason) ON subsidies.application_statement TO wengang_app;
GRANT SELECT, INSERT, DELETE ON subsidies.application_file TO wengang_app;
CREATE POLICY by_region ON subsidies.prepayment TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
GRANT SELECT, INSERT, UPDATE (state, settled_on, settled_by, settled_by_name, actual_fen, owed_fen, balance_claim_id) ON subsidies.prepayment TO wengang_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA subsidies TO wengang_app, wengang_worker;
