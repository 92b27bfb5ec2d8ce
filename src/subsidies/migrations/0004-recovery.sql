-- 补发: what a claim was short of goes the way of every other claim. Its items stand for differences of rows that are claimed already, so
-- they use up no limit a second time and are no second claim of the row.
ALTER TABLE subsidies.claim DROP CONSTRAINT claim_way_check;
ALTER TABLE subsidies.claim ADD CONSTRAINT claim_way_check CHECK (way IN ('proactive', 'applied', 'prepaid', 'arrears'));
-- The first day on which anything of it was earned: how long the payee has been waiting.
ALTER TABLE subsidies.claim ADD COLUMN entitled_on date;
CREATE INDEX claim_unpaid ON subsidies.claim (region, rule_id) WHERE state NOT IN ('paid', 'closed', 'refused', 'withdrawn');

-- 重算: when it was asked, over what, on which rulebook, and what it found.
CREATE TABLE subsidies.recalculation (
  recalculation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,              -- prefix; '' the whole installation
  rulebook text NOT NULL,                        -- mark of what was published and set
  items int NOT NULL,
  found int NOT NULL,                            -- new differences
  gone int NOT NULL,                             -- that are none any more
  officer_name text NOT NULL,
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recalculation_region ON subsidies.recalculation (region, recalculation_id DESC);

-- 追回: money that was paid and was not due, claim by claim.
CREATE TABLE subsidies.recovery (
  recovery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('ZH' || region || '-' || lpad(recovery_id::text, greatest(6, length(recovery_id::text)), '0')) STORED,
  region text COLLATE "C" NOT NULL,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  fund_line_id bigint NOT NULL REFERENCES subsidies.fund_line (fund_line_id),
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  received_fen bigint NOT NULL DEFAULT 0 CHECK (received_fen >= 0),          -- kept by receipts alone (trigger below)
  written_off_fen bigint NOT NULL DEFAULT 0 CHECK (written_off_fen >= 0),
  reduced_fen bigint NOT NULL DEFAULT 0 CHECK (reduced_fen >= 0),            -- kept by reductions alone (trigger below)
  -- refunding: the bank gave the payment itself back, and what the payee had paid in is his.
  state text NOT NULL CHECK (state IN ('filed', 'notified', 'heard', 'repaying', 'write-off', 'settled', 'written-off', 'cancelled', 'refunding', 'refunded')),
  grounds text NOT NULL CHECK (grounds <> ''),   -- facts and reasons, as the notice gives them
  contact text,                                  -- where the payee speaks up and pays in
  due_on date,                                   -- last day of what is awaited; none once it has ended
  filed_by bigint NOT NULL,
  filed_by_name text NOT NULL,
  filed_on date NOT NULL,
  notified_by_name text,
  notified_on date,
  reply_by date,                                 -- last day of 陈述申辩
  statement text,                                -- in the payee's words
  heard_by bigint,
  heard_by_name text,
  heard_on date,
  decision text,
  decided_by bigint,
  decided_by_name text,
  decided_on date,
  pay_by date,
  proposed_by bigint,                            -- of the write-off
  proposed_by_name text,
  proposed_on date,
  write_off_reason text,
  agreed_by bigint,
  agreed_by_name text,
  refunded_on date,
  refund_method text,
  refund_reference text COLLATE "C",
  refunded_by_name text,
  ended_on date,
  lock int NOT NULL DEFAULT 1,
  -- Never more than is owed.
  CONSTRAINT recovery_not_above CHECK (received_fen + written_off_fen + reduced_fen <= amount_fen),
  CONSTRAINT recovery_settled CHECK (state <> 'settled' OR (received_fen + reduced_fen = amount_fen AND written_off_fen = 0)),
  CONSTRAINT recovery_written_off CHECK (CASE WHEN state = 'written-off' THEN written_off_fen > 0 AND received_fen + written_off_fen + reduced_fen = amount_fen
    ELSE written_off_fen = 0 OR state IN ('refunding', 'refunded') END),
  -- Given back is what came in, once, on a paper.
  CONSTRAINT recovery_refund CHECK (state NOT IN ('refunding', 'refunded') OR (received_fen > 0 AND received_fen + written_off_fen + reduced_fen = amount_fen)),
  CONSTRAINT recovery_refunded CHECK ((state = 'refunded') = (num_nonnulls(refunded_on, refund_method, refund_reference, refunded_by_name) = 4)),
  -- Nobody is decided on unheard, nor by the hand that accused him.
  CONSTRAINT recovery_notified_first CHECK (state IN ('filed', 'cancelled') OR (notified_on IS NOT NULL AND reply_by IS NOT NULL)),
  CONSTRAINT recovery_decided_first CHECK (state IN ('filed', 'notified', 'heard', 'cancelled') OR (decided_on IS NOT NULL AND decided_by IS NOT NULL AND pay_by IS NOT NULL)),
  CONSTRAINT recovery_two_hands CHECK (decided_by IS NULL OR (decided_by IS DISTINCT FROM filed_by AND decided_by IS DISTINCT FROM heard_by)),
  -- Two hands write off, both known, with a reason.
  CONSTRAINT recovery_write_off_hands CHECK (state NOT IN ('write-off', 'written-off') OR (proposed_by IS NOT NULL AND coalesce(write_off_reason, '') <> '')),
  CONSTRAINT recovery_write_off_second CHECK (state <> 'written-off' OR (agreed_by IS NOT NULL AND agreed_by <> proposed_by)),
  CHECK ((ended_on IS NOT NULL) = (state IN ('settled', 'written-off', 'cancelled', 'refunded'))),
  CHECK (state <> 'cancelled' OR received_fen = 0)
);
CREATE INDEX recovery_region ON subsidies.recovery (region, state, due_on);
CREATE INDEX recovery_claim ON subsidies.recovery (claim_id);

-- 重算差异: what an item that was decided comes to when it is decided once more, by the rule of its day and on what is known today. The
-- claim itself stays as it was decided.
CREATE TABLE subsidies.difference (
  difference_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,              -- of the claim
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  item_id bigint NOT NULL REFERENCES subsidies.claim_item (item_id),
  was_fen bigint NOT NULL CHECK (was_fen >= 0),  -- decided, with what was paid in arrears or recovered since
  now_fen bigint CHECK (now_fen >= 0),           -- null: it cannot be said today, a fact is missing or waits
  outcome text NOT NULL,
  causes text[] NOT NULL CHECK (causes <@ ARRAY['fact', 'rule', 'parameter', 'limit']),
  failed text[] NOT NULL,                        -- conditions and limits that refuse it now
  version_id bigint NOT NULL,                    -- by which it was decided now
  changed jsonb NOT NULL,                        -- facts that differ: [{column, before, after}]
  found_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'arrears', 'recovery', 're-examined', 'dismissed', 'gone')),
  arrears_claim_id bigint REFERENCES subsidies.claim (claim_id),
  recovery_id bigint REFERENCES subsidies.recovery (recovery_id),
  reason text,                                   -- why it was dismissed
  ended_by_name text,
  ended_on date,
  CONSTRAINT difference_differs CHECK (now_fen IS DISTINCT FROM was_fen),
  CHECK ((state = 'arrears') = (arrears_claim_id IS NOT NULL) AND (state <> 'arrears' OR now_fen > was_fen)),
  CHECK (state <> 'recovery' OR (recovery_id IS NOT NULL AND now_fen < was_fen)),
  CHECK ((state = 'dismissed') = (coalesce(reason, '') <> '')),
  CHECK ((state = 'open') = (ended_on IS NULL))
);
-- Found once, however often it is looked for.
CREATE UNIQUE INDEX difference_open ON subsidies.difference (item_id) WHERE state = 'open';
CREATE INDEX difference_item ON subsidies.difference (item_id);
CREATE INDEX difference_claim ON subsidies.difference (claim_id);
CREATE INDEX difference_region ON subsidies.difference (region, state, difference_id);
CREATE INDEX difference_recovery ON subsidies.difference (recovery_id) WHERE recovery_id IS NOT NULL;

ALTER TABLE subsidies.claim_item ADD COLUMN difference_id bigint REFERENCES subsidies.difference (difference_id);
DROP INDEX subsidies.claim_item_once;
CREATE UNIQUE INDEX claim_item_once ON subsidies.claim_item (rule_path, row_key) WHERE live AND difference_id IS NULL;
-- Arrears of one difference are claimed once.
CREATE UNIQUE INDEX claim_item_arrears ON subsidies.claim_item (difference_id) WHERE live AND difference_id IS NOT NULL;

CREATE TABLE subsidies.recovery_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recovery_id bigint NOT NULL REFERENCES subsidies.recovery (recovery_id),
  region text COLLATE "C" NOT NULL,
  act text NOT NULL,
  state text NOT NULL,                           -- after it
  amount_fen bigint,                             -- of a receipt, a write-off
  officer_name text NOT NULL,
  organisation text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recovery_event_of ON subsidies.recovery_event (recovery_id, event_id);

-- 分期: days and sums that together are what is owed, to the fen (trigger below).
CREATE TABLE subsidies.recovery_instalment (
  recovery_id bigint NOT NULL REFERENCES subsidies.recovery (recovery_id),
  line int NOT NULL CHECK (line > 0),
  region text COLLATE "C" NOT NULL,
  due_on date NOT NULL,
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  PRIMARY KEY (recovery_id, line)
);

CREATE FUNCTION subsidies.whole_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  planned bigint;
  owed bigint;
  of_recovery bigint := coalesce(NEW.recovery_id, OLD.recovery_id);
BEGIN
  SELECT sum(amount_fen) INTO planned FROM subsidies.recovery_instalment WHERE recovery_id = of_recovery;
  SELECT amount_fen - reduced_fen INTO owed FROM subsidies.recovery WHERE recovery_id = of_recovery;
  IF planned <> owed THEN RAISE EXCEPTION 'instalments of % fen are not the % fen that are owed', planned, owed; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_is_whole AFTER INSERT OR UPDATE OR DELETE ON subsidies.recovery_instalment DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION subsidies.whole_plan();

-- 缴回: money that has come in, one row for each receipt. The same paper is not entered twice.
CREATE TABLE subsidies.recovery_receipt (
  receipt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recovery_id bigint NOT NULL REFERENCES subsidies.recovery (recovery_id),
  region text COLLATE "C" NOT NULL,
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  received_on date NOT NULL,
  method text NOT NULL CHECK (method IN ('银行转账', '现金缴款', '非税缴款')),
  reference text COLLATE "C" NOT NULL CHECK (reference <> ''),
  officer_id bigint,
  officer_name text NOT NULL,
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (region, reference)
);
CREATE INDEX recovery_receipt_of ON subsidies.recovery_receipt (recovery_id, receipt_id);
ALTER TABLE subsidies.fund_movement ADD COLUMN receipt_id bigint UNIQUE REFERENCES subsidies.recovery_receipt (receipt_id);

-- What comes in counts for its case and goes back to the line that it was paid from, in one statement with the receipt.
CREATE FUNCTION subsidies.count_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subsidies.recovery r SET received_fen = r.received_fen + n.amount
    FROM (SELECT recovery_id, sum(amount_fen) AS amount FROM received GROUP BY recovery_id) n WHERE r.recovery_id = n.recovery_id;
  INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, claim_id, receipt_id, note, officer_id, officer_name, business_date)
    SELECT r.fund_line_id, r.region, 'recover', n.amount_fen, r.claim_id, n.receipt_id, r.number || ' ' || n.reference, n.officer_id, n.officer_name, n.business_date
    FROM received n JOIN subsidies.recovery r ON r.recovery_id = n.recovery_id;
  RETURN NULL;
END $$;
CREATE TRIGGER receipt_counts AFTER INSERT ON subsidies.recovery_receipt REFERENCING NEW TABLE AS received
  FOR EACH STATEMENT EXECUTE FUNCTION subsidies.count_receipt();
CREATE FUNCTION subsidies.keep_received() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.received_fen IS DISTINCT FROM OLD.received_fen AND pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'what was received follows from receipts'; END IF;
  IF NEW.reduced_fen IS DISTINCT FROM OLD.reduced_fen AND pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'what is owed no more follows from reductions'; END IF;
  IF (NEW.amount_fen, NEW.claim_id, NEW.fund_line_id) IS DISTINCT FROM (OLD.amount_fen, OLD.claim_id, OLD.fund_line_id) THEN
    RAISE EXCEPTION 'what is owed does not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER received_follows BEFORE UPDATE ON subsidies.recovery FOR EACH ROW EXECUTE FUNCTION subsidies.keep_received();

-- 减少: what a case asks for and is not owed after all, because a prepayment's settlement was put right, or because the bank gave the payment
-- itself back. The amount that was told stays; this is taken off, and off the last instalments.
CREATE TABLE subsidies.recovery_reduction (
  reduction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recovery_id bigint NOT NULL REFERENCES subsidies.recovery (recovery_id),
  region text COLLATE "C" NOT NULL,
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  cause text NOT NULL CHECK (cause IN ('settlement', 'returned')),
  note text NOT NULL CHECK (note <> ''),
  officer_name text NOT NULL,
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recovery_reduction_of ON subsidies.recovery_reduction (recovery_id, reduction_id);
CREATE FUNCTION subsidies.count_reduction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subsidies.recovery r SET reduced_fen = r.reduced_fen + n.amount
    FROM (SELECT recovery_id, sum(amount_fen) AS amount FROM reduced GROUP BY recovery_id) n WHERE r.recovery_id = n.recovery_id;
  -- Whole instalments from the end, then part of the one before.
  DELETE FROM subsidies.recovery_instalment i USING (SELECT t.recovery_id, t.line, sum(t.amount_fen) OVER (PARTITION BY t.recovery_id ORDER BY t.line) - t.amount_fen AS earlier
      FROM subsidies.recovery_instalment t WHERE t.recovery_id IN (SELECT recovery_id FROM reduced)) c, subsidies.recovery r
    WHERE i.recovery_id = c.recovery_id AND i.line = c.line AND r.recovery_id = c.recovery_id AND c.earlier >= r.amount_fen - r.reduced_fen;
  UPDATE subsidies.recovery_instalment i SET amount_fen = r.amount_fen - r.reduced_fen - c.earlier
    FROM (SELECT t.recovery_id, t.line, sum(t.amount_fen) OVER (PARTITION BY t.recovery_id ORDER BY t.line) - t.amount_fen AS earlier
      FROM subsidies.recovery_instalment t WHERE t.recovery_id IN (SELECT recovery_id FROM reduced)) c, subsidies.recovery r
    WHERE i.recovery_id = c.recovery_id AND i.line = c.line AND r.recovery_id = c.recovery_id AND c.earlier + i.amount_fen > r.amount_fen - r.reduced_fen;
  RETURN NULL;
END $$;
CREATE TRIGGER reduction_counts AFTER INSERT ON subsidies.recovery_reduction REFERENCING NEW TABLE AS reduced
  FOR EACH STATEMENT EXECUTE FUNCTION subsidies.count_reduction();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['recalculation', 'recovery', 'difference', 'recovery_event', 'recovery_instalment', 'recovery_receipt', 'recovery_reduction'] LOOP
    EXECUTE format('ALTER TABLE subsidies.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE subsidies.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY worker_all ON subsidies.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    IF t <> 'recalculation' THEN
      EXECUTE format('CREATE POLICY by_region ON subsidies.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
    END IF;
  END LOOP;
END $$;
-- Counts of the whole are the worker's; an office is told when it was asked last.
GRANT SELECT, INSERT ON subsidies.recalculation TO wengang_worker;
GRANT SELECT, INSERT, UPDATE ON subsidies.recovery TO wengang_app, wengang_worker;
-- Differences are found by the worker, and ended by officers.
GRANT SELECT, INSERT, UPDATE ON subsidies.difference TO wengang_worker;
GRANT SELECT, UPDATE (state, arrears_claim_id, recovery_id, reason, ended_by_name, ended_on) ON subsidies.difference TO wengang_app;
-- What happened and what came in is never taken away.
GRANT SELECT, INSERT ON subsidies.recovery_event, subsidies.recovery_receipt, subsidies.recovery_reduction TO wengang_app, wengang_worker;
GRANT SELECT, INSERT, DELETE, UPDATE (amount_fen) ON subsidies.recovery_instalment TO wengang_app, wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA subsidies TO wengang_app, wengang_worker;
