-- A list may be of one town or village alone.
ALTER TABLE subsidies.publication ADD COLUMN area text COLLATE "C" NOT NULL DEFAULT '' CHECK (area = '' OR starts_with(area, region));

-- 办理设定: what an office's own document says where the sources say 及时 and give no number. Append-only: the last one that is in force
-- holds, of the place itself before those above it. What was set never changes a clock that runs: due dates stand in the claims.
CREATE TABLE subsidies.setting (
  setting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL CHECK (length(region) IN (2, 4, 6)),
  kind text NOT NULL CHECK (kind IN ('terms', 'levels', 'publicity', 'answer', 'idle', 'recovery')),
  value jsonb NOT NULL,
  valid_from date NOT NULL,
  document text NOT NULL CHECK (document <> ''),
  set_by bigint,
  set_by_name text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX setting_kind ON subsidies.setting (kind, region, valid_from DESC);
ALTER TABLE subsidies.setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE subsidies.setting FORCE ROW LEVEL SECURITY;
-- A county works by what its city and province have set, which it does not see otherwise.
CREATE POLICY read_all ON subsidies.setting FOR SELECT TO wengang_app USING (true);
CREATE POLICY write_own ON subsidies.setting FOR INSERT TO wengang_app WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON subsidies.setting TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON subsidies.setting TO wengang_app, wengang_worker;

-- 分级审批: the levels that a claim's amount asked for when it was approved, each agreed to by another hand.
CREATE TABLE subsidies.claim_level (
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  level int NOT NULL CHECK (level > 0),
  region text COLLATE "C" NOT NULL,
  by text NOT NULL CHECK (by IN ('leader', 'city')),
  from_fen bigint NOT NULL CHECK (from_fen > 0),
  officer_id bigint,
  officer_name text,
  agreed_on date,
  PRIMARY KEY (claim_id, level),
  CONSTRAINT level_other_hand UNIQUE (claim_id, officer_id),
  CHECK ((officer_name IS NULL) = (agreed_on IS NULL))
);

-- 绩效目标: what a year's money is to bring; what it has brought is counted from claims and funds when asked.
CREATE TABLE subsidies.fund_target (
  target_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,
  year int NOT NULL CHECK (year BETWEEN 2000 AND 2999),
  fund text NOT NULL DEFAULT '',                 -- '': of all funds together
  indicator text NOT NULL,
  target bigint NOT NULL CHECK (target >= 0),    -- persons, claims, fen, tenths of a percent or of a day, as the indicator says
  document text NOT NULL CHECK (document <> ''),
  set_by_name text NOT NULL,
  set_on date NOT NULL,
  UNIQUE (region, year, fund, indicator)
);

-- 检查问题整改 (B-HN03-04): what audits and inspections have found, until a second person has closed it.
CREATE TABLE subsidies.inspection_item (
  item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('ZG' || region || '-' || lpad(item_id::text, greatest(6, length(item_id::text)), '0')) STORED,
  region text COLLATE "C" NOT NULL,
  source text NOT NULL CHECK (source IN ('审计', '专项检查', '绩效评价', '财政监督', '自查', '举报核查')),
  found_by text NOT NULL CHECK (found_by <> ''),
  found_on date NOT NULL,
  document text NOT NULL DEFAULT '',
  content text NOT NULL CHECK (content <> ''),
  demand text NOT NULL CHECK (demand <> ''),     -- 整改要求
  responsible text NOT NULL CHECK (responsible <> ''),
  amount_fen bigint CHECK (amount_fen >= 0),
  due_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'rectified', 'closed')),
  recorded_by bigint,
  recorded_by_name text NOT NULL,
  measure text,                                  -- what was done
  evidence text,                                 -- papers, vouchers, documents that show it
  rectified_by bigint,
  rectified_by_name text,
  rectified_on date,
  closed_by bigint,
  closed_by_name text,
  closed_on date,
  closing text,                                  -- what the second person found
  lock int NOT NULL DEFAULT 1,
  CHECK (due_on >= found_on),
  CHECK (state = 'open' OR (measure IS NOT NULL AND evidence IS NOT NULL AND rectified_on IS NOT NULL)),
  CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
  CONSTRAINT inspection_second_hand CHECK (closed_by IS NULL OR closed_by IS DISTINCT FROM rectified_by)
);
CREATE INDEX inspection_item_queue ON subsidies.inspection_item (region, state, due_on);

-- 结转、收回: what becomes of money that a line has left; proposed by one, agreed to by another, and only then moved.
CREATE TABLE subsidies.fund_settlement (
  settlement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund_line_id bigint NOT NULL REFERENCES subsidies.fund_line (fund_line_id),
  region text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('carry', 'claw')),
  amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  document text NOT NULL CHECK (document <> ''),
  state text NOT NULL CHECK (state IN ('proposed', 'done', 'refused')),
  proposed_by bigint,
  proposed_by_name text NOT NULL,
  proposed_on date NOT NULL,
  decided_by bigint,
  decided_by_name text,
  decided_on date,
  to_fund_line_id bigint REFERENCES subsidies.fund_line (fund_line_id),
  CHECK ((state = 'proposed') = (decided_on IS NULL)),
  CHECK (to_fund_line_id IS NULL OR kind = 'carry'),
  CONSTRAINT settlement_two_hands CHECK (decided_by IS NULL OR decided_by IS DISTINCT FROM proposed_by)
);
CREATE UNIQUE INDEX settlement_one_waits ON subsidies.fund_settlement (fund_line_id) WHERE state = 'proposed';
CREATE INDEX fund_settlement_line ON subsidies.fund_settlement (fund_line_id, settlement_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['claim_level', 'fund_target', 'inspection_item', 'fund_settlement'] LOOP
    EXECUTE format('ALTER TABLE subsidies.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE subsidies.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY by_region ON subsidies.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
    EXECUTE format('CREATE POLICY worker_all ON subsidies.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
-- Levels go when a claim is sent back and examined anew; what was agreed stands in its events.
GRANT SELECT, INSERT, UPDATE, DELETE ON subsidies.claim_level TO wengang_app, wengang_worker;
GRANT SELECT, INSERT, UPDATE ON subsidies.fund_target, subsidies.inspection_item, subsidies.fund_settlement TO wengang_app, wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA subsidies TO wengang_app, wengang_worker;
