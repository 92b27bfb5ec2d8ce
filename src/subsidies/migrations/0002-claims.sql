-- 资金额度 (0.7): what a document puts at an office's disposal, dated, of one fund. Balances are kept by movements alone (trigger below);
-- nothing can be reserved or spent that is not there.
CREATE TABLE subsidies.fund_line (
  fund_line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,              -- whose office spends it
  fund text NOT NULL,                            -- as rules name it, e.g. 就业专项资金
  level text NOT NULL CHECK (level IN ('中央', '省级', '市级', '县级')),
  year int NOT NULL CHECK (year BETWEEN 2000 AND 2999),
  document text NOT NULL CHECK (document <> ''), -- by which it was passed down
  rules text[] NOT NULL DEFAULT '{}',            -- ids of the only measures it may pay for; empty: any that names the fund
  valid_from date NOT NULL,
  valid_to date,                                 -- last day on which it may be reserved
  budget_fen bigint NOT NULL DEFAULT 0,
  reserved_fen bigint NOT NULL DEFAULT 0,
  spent_fen bigint NOT NULL DEFAULT 0,
  sample boolean NOT NULL DEFAULT false,         -- made up for demonstrations, and said to be wherever it is shown
  UNIQUE (region, fund, level, year, document),
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CONSTRAINT fund_never_below_zero CHECK (reserved_fen >= 0 AND spent_fen >= 0 AND budget_fen - reserved_fen - spent_fen >= 0)
);

-- Every change of a line, append-only; sums of movements are the line's balances.
CREATE TABLE subsidies.fund_movement (
  movement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund_line_id bigint NOT NULL REFERENCES subsidies.fund_line (fund_line_id),
  region text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('budget', 'transfer', 'reserve', 'release', 'spend', 'return', 'recover', 'refund')),
  amount_fen bigint NOT NULL CHECK (CASE WHEN kind IN ('budget', 'transfer') THEN amount_fen <> 0 ELSE amount_fen > 0 END),
  claim_id bigint,
  payment_id bigint,
  note text NOT NULL DEFAULT '',
  officer_id bigint,
  officer_name text NOT NULL,
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX fund_movement_line ON subsidies.fund_movement (fund_line_id, movement_id);
CREATE INDEX fund_movement_claim ON subsidies.fund_movement (claim_id) WHERE claim_id IS NOT NULL;

-- One update of each line for a statement's movements, however many they are. A payment takes what was reserved for it.
CREATE FUNCTION subsidies.move_funds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- In one order, so that two acts that touch the same lines do not wait for each other.
  PERFORM 1 FROM subsidies.fund_line WHERE fund_line_id IN (SELECT fund_line_id FROM moved) ORDER BY fund_line_id FOR NO KEY UPDATE;
  UPDATE subsidies.fund_line l SET
    budget_fen = l.budget_fen + m.budget, reserved_fen = l.reserved_fen + m.reserved, spent_fen = l.spent_fen + m.spent
  FROM (SELECT fund_line_id,
      coalesce(sum(amount_fen) FILTER (WHERE kind IN ('budget', 'transfer')), 0) AS budget,
      coalesce(sum(CASE kind WHEN 'reserve' THEN amount_fen WHEN 'return' THEN amount_fen WHEN 'release' THEN -amount_fen WHEN 'spend' THEN -amount_fen END), 0) AS reserved,
      coalesce(sum(CASE kind WHEN 'spend' THEN amount_fen WHEN 'refund' THEN amount_fen WHEN 'return' THEN -amount_fen WHEN 'recover' THEN -amount_fen END), 0) AS spent
    FROM moved GROUP BY fund_line_id) m
  WHERE l.fund_line_id = m.fund_line_id;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_moves AFTER INSERT ON subsidies.fund_movement REFERENCING NEW TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION subsidies.move_funds();

CREATE FUNCTION subsidies.keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'balances follow from movements'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER balances_follow BEFORE UPDATE OF budget_fen, reserved_fen, spent_fen ON subsidies.fund_line
  FOR EACH ROW EXECUTE FUNCTION subsidies.keep_balances();

-- 补贴件: what one payee is to receive under one rule from one fund.
CREATE TABLE subsidies.claim (
  claim_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('BT' || region || '-' || lpad(claim_id::text, greatest(8, length(claim_id::text)), '0')) STORED,
  region text COLLATE "C" NOT NULL,              -- whose office decides and pays: a county
  way text NOT NULL CHECK (way IN ('proactive', 'applied', 'prepaid')),
  handling text NOT NULL,
  rule_path text COLLATE "C" NOT NULL,
  rule_id text NOT NULL,
  version_id bigint NOT NULL,                    -- the version by which its amounts were computed last; frozen with the decision
  title text NOT NULL,
  fund text NOT NULL,
  payee_subject text NOT NULL,                   -- subject of the rule's source, e.g. 介绍机构
  payee_kind text COLLATE "C" NOT NULL,
  payee_id bigint,                               -- number among its kind; of a person the next, which follows him through a merge
  payee_person_id bigint,
  payee_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (payee_kind || ':' || CASE payee_kind WHEN 'person' THEN payee_person_id ELSE payee_id END) STORED,
  payee_employer_id bigint,
  payee_name text NOT NULL,
  items int NOT NULL CHECK (items >= 0),
  persons int NOT NULL CHECK (persons >= 0),
  amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
  state text NOT NULL CHECK (state IN ('proposed', 'submitted', 'accepted', 'correction', 'checked', 'escalated', 'approved', 'published', 'cleared', 'paying', 'paid', 'closed', 'refused', 'withdrawn')),
  agent text,                                    -- 代办、上门办: who applied for the payee, with what authority
  received_on date NOT NULL,
  due_on date,                                   -- last day of the act that is awaited; none while the clock stands
  fund_line_id bigint REFERENCES subsidies.fund_line (fund_line_id),
  accepted_by bigint,
  checked_by bigint,
  approved_by bigint,
  endorsed_by bigint,
  decided_on date,
  paid_on date,
  lock int NOT NULL DEFAULT 1,
  -- 不相容职责: who takes in and examines does not approve; who approves does not endorse.
  CONSTRAINT claim_two_hands CHECK (approved_by IS NULL OR (approved_by IS DISTINCT FROM accepted_by AND approved_by IS DISTINCT FROM checked_by)),
  CONSTRAINT claim_third_hand CHECK (endorsed_by IS NULL OR endorsed_by IS DISTINCT FROM approved_by),
  -- E-ALL-08: nothing is paid that nobody decided, nor without money kept for it.
  CONSTRAINT claim_decided_first CHECK (state NOT IN ('approved', 'published', 'cleared', 'paying', 'paid', 'closed') OR (decided_on IS NOT NULL AND fund_line_id IS NOT NULL)),
  CHECK (paid_on IS NULL OR paid_on >= decided_on)
);
CREATE INDEX claim_queue ON subsidies.claim (region, state, due_on);
CREATE INDEX claim_payee ON subsidies.claim (payee_key);
CREATE INDEX claim_person ON subsidies.claim (payee_person_id) WHERE payee_person_id IS NOT NULL;

-- Rows of the rule's source that the claim is made of, with the facts as they were when they were decided last.
CREATE TABLE subsidies.claim_item (
  item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,              -- of the claim
  rule_path text COLLATE "C" NOT NULL,
  row_key text COLLATE "C" NOT NULL,
  person_id bigint,
  employer_id bigint,
  workshop_id bigint,
  brand_id bigint,
  employment_id bigint,
  benefit_keys text[] NOT NULL,                  -- of the rule's limits: what this item uses up
  event_date date NOT NULL,
  months int,
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  facts jsonb NOT NULL,
  live boolean NOT NULL DEFAULT true,
  dropped text                                   -- why it is not live any more
);
-- One claim for a row of facts, whoever makes it and how often it is tried.
CREATE UNIQUE INDEX claim_item_once ON subsidies.claim_item (rule_path, row_key) WHERE live;
CREATE INDEX claim_item_claim ON subsidies.claim_item (claim_id);
CREATE INDEX claim_item_person ON subsidies.claim_item (person_id) WHERE live AND person_id IS NOT NULL;
CREATE INDEX claim_item_employer ON subsidies.claim_item (employer_id) WHERE live AND employer_id IS NOT NULL;

-- Everything that happened to a claim, append-only.
CREATE TABLE subsidies.claim_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,
  act text NOT NULL,
  state text NOT NULL,                           -- after it
  amount_fen bigint NOT NULL,                    -- after it
  officer_id bigint,
  officer_name text NOT NULL,
  organisation text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX claim_event_claim ON subsidies.claim_event (claim_id, event_id);

-- Where money goes to those who are no persons: a person's account is the registry's. The number lies in the envelope.
CREATE TABLE subsidies.payee_account (
  payee_key text COLLATE "C" PRIMARY KEY CHECK (payee_key NOT LIKE 'person:%'),
  region text COLLATE "C" NOT NULL,
  holder text NOT NULL CHECK (holder <> ''),
  bank text NOT NULL CHECK (bank <> ''),
  secret bytea NOT NULL,
  account_mask text NOT NULL,
  account_hash uuid NOT NULL,
  set_by_name text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
);

-- 发放批次: built, frozen, released by two, written to the bank's file, and answered line by line.
CREATE TABLE subsidies.payment_batch (
  batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('FF' || region || '-' || lpad(batch_id::text, greatest(6, length(batch_id::text)), '0')) STORED,
  region text COLLATE "C" NOT NULL,
  fund_line_id bigint NOT NULL REFERENCES subsidies.fund_line (fund_line_id),
  state text NOT NULL CHECK (state IN ('draft', 'frozen', 'released', 'sent', 'settled', 'cancelled')),
  payments int NOT NULL DEFAULT 0,
  total_fen bigint NOT NULL DEFAULT 0,
  digest text,                                   -- SHA-256 over the frozen lines: what was released is what is paid
  built_by bigint,
  built_by_name text NOT NULL,
  built_on date NOT NULL,
  released_by bigint,
  released_by_name text,
  countersigned_by bigint,
  countersigned_by_name text,
  sent_at timestamptz,
  settled_on date,
  lock int NOT NULL DEFAULT 1,
  CHECK (state NOT IN ('frozen', 'released', 'sent', 'settled') OR digest IS NOT NULL),
  -- Two hands release, and neither is the builder's.
  CONSTRAINT batch_two_hands CHECK (released_by IS NULL OR released_by IS DISTINCT FROM built_by),
  CONSTRAINT batch_third_hand CHECK (countersigned_by IS NULL OR (countersigned_by IS DISTINCT FROM released_by AND countersigned_by IS DISTINCT FROM built_by)),
  CHECK (state NOT IN ('released', 'sent', 'settled') OR (released_by IS NOT NULL AND countersigned_by IS NOT NULL))
);
CREATE INDEX payment_batch_region ON subsidies.payment_batch (region, batch_id DESC);

CREATE TABLE subsidies.payment (
  payment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_id bigint NOT NULL REFERENCES subsidies.payment_batch (batch_id),
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,
  fund_line_id bigint NOT NULL,
  line int NOT NULL CHECK (line > 0),            -- in the bank's file
  payee_name text NOT NULL,                      -- the account's holder
  bank text NOT NULL DEFAULT '',
  secret bytea NOT NULL,                         -- holds the account's number: alone, or
  of_person boolean NOT NULL,                    -- among a person's numbers, as the registry had them when the batch was built
  account_mask text NOT NULL,
  account_hash uuid NOT NULL,
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  state text NOT NULL CHECK (state IN ('planned', 'sent', 'paid', 'returned', 'cancelled')),
  bank_reference text COLLATE "C",
  answered_on date,
  reason text,                                   -- of a returned one
  UNIQUE (batch_id, line),
  CHECK ((state = 'returned') = (reason IS NOT NULL))
);
-- A claim is paid once: a second payment waits until the first has come back.
CREATE UNIQUE INDEX payment_once ON subsidies.payment (claim_id) WHERE state IN ('planned', 'sent', 'paid');
CREATE UNIQUE INDEX payment_bank_reference ON subsidies.payment (batch_id, bank_reference) WHERE bank_reference IS NOT NULL;
CREATE INDEX payment_claim ON subsidies.payment (claim_id, payment_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['fund_line', 'fund_movement', 'claim', 'claim_item', 'claim_event', 'payee_account', 'payment_batch', 'payment'] LOOP
    EXECUTE format('ALTER TABLE subsidies.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE subsidies.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY by_region ON subsidies.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
    EXECUTE format('CREATE POLICY worker_all ON subsidies.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
-- Balances are the trigger's; what was moved, decided and paid is never taken away.
GRANT SELECT, INSERT ON subsidies.fund_line, subsidies.fund_movement, subsidies.claim_event TO wengang_app, wengang_worker;
GRANT UPDATE (budget_fen, reserved_fen, spent_fen) ON subsidies.fund_line TO wengang_app, wengang_worker;
GRANT SELECT, INSERT, UPDATE ON subsidies.claim, subsidies.claim_item, subsidies.payee_account, subsidies.payment_batch TO wengang_app, wengang_worker;
-- A merge of two records moves rows from person to person; what refers to a claim keeps it from being deleted.
GRANT DELETE ON subsidies.claim, subsidies.claim_item TO wengang_worker;
-- Of a payment nothing changes but what becomes of it; envelopes are sealed anew by the worker alone.
GRANT SELECT, INSERT, UPDATE (state, bank_reference, answered_on, reason) ON subsidies.payment TO wengang_app, wengang_worker;
GRANT UPDATE (secret, payee_name, account_mask) ON subsidies.payment TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA subsidies TO wengang_app, wengang_worker;
