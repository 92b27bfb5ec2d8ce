-- 用人单位. Free text in ledgers is linked later: `name_key` stands for the normalised name in employment rows.
CREATE TABLE registry.employer (
  employer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  credit_code text COLLATE "C" UNIQUE,                           -- GB 32100
  name text NOT NULL CHECK (name <> ''),
  name_key bigint NOT NULL,
  region text COLLATE "C",
  kind text,
  size text,
  industry text,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'abnormal', 'closed')),
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX employer_name ON registry.employer (name COLLATE "C");
CREATE INDEX employer_name_key ON registry.employer (name_key);
CREATE INDEX employer_region ON registry.employer (region, employer_id);
-- Which registered employer a written name means, decided by an officer.
CREATE TABLE registry.employer_alias (
  name_key bigint PRIMARY KEY,
  name text NOT NULL,
  employer_id bigint NOT NULL REFERENCES registry.employer (employer_id),
  officer_id bigint,
  linked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX employer_alias_employer ON registry.employer_alias (employer_id);

-- 务工就业记录. Spells at one employer never overlap, kept without a GiST exclusion constraint (ten times the insert time at a
-- province's size, see docs/decisions/0003) by a chain: each spell names the end of the one before it at that employer.
CREATE TABLE registry.employment (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  employment_id bigint NOT NULL,
  employer_key bigint NOT NULL,
  employer_name text NOT NULL,
  work_region text COLLATE "C",
  start_date date NOT NULL,
  start_precision text NOT NULL DEFAULT 'day' CHECK (start_precision IN ('day', 'month')),
  end_date date,
  end_precision text CHECK (end_precision IN ('day', 'month')),
  end_reason text,
  previous_end date,
  form text,
  channel text,
  industry text,
  occupation text,
  monthly_wage_fen bigint CHECK (monthly_wage_fen >= 0),
  home_region text COLLATE "C" NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (person_id, employment_id),
  CONSTRAINT employment_ends_after_start CHECK (end_date IS NULL OR end_date >= start_date),
  CONSTRAINT employment_after_previous CHECK (previous_end IS NULL OR previous_end < start_date),
  CONSTRAINT employment_one_successor UNIQUE NULLS NOT DISTINCT (person_id, employer_key, previous_end),
  CONSTRAINT employment_one_end UNIQUE NULLS NOT DISTINCT (person_id, employer_key, end_date),
  CONSTRAINT employment_chain FOREIGN KEY (person_id, employer_key, previous_end)
    REFERENCES registry.employment (person_id, employer_key, end_date) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE registry.employment SET (fillfactor = 90);
CREATE INDEX employment_home ON registry.employment (home_region, person_id);
CREATE INDEX employment_work ON registry.employment (work_region, person_id) WHERE end_date IS NULL;
CREATE INDEX employment_batch ON registry.employment USING brin (created_batch) WITH (pages_per_range = 32);
CREATE INDEX employment_employer ON registry.employment (employer_key);

-- 劳动合同备案, 参保缴费, 工资: registers as other systems send them.
CREATE TABLE registry.contract (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  employer_key bigint NOT NULL,
  employer_name text NOT NULL,
  start_date date NOT NULL,
  end_date date,
  kind text,
  signed_on date,
  monthly_wage_fen bigint CHECK (monthly_wage_fen >= 0),
  home_region text COLLATE "C" NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (person_id, employer_key, start_date),
  CHECK (end_date IS NULL OR end_date >= start_date)
);
CREATE TABLE registry.insurance_month (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  kind text NOT NULL,
  employer_key bigint NOT NULL,
  employer_name text NOT NULL,
  insured_region text COLLATE "C",
  base_fen bigint CHECK (base_fen >= 0),
  employer_part_fen bigint CHECK (employer_part_fen >= 0),
  person_part_fen bigint CHECK (person_part_fen >= 0),
  status text NOT NULL DEFAULT 'paid' CHECK (status IN ('paid', 'deferred', 'owed', 'refunded')),
  home_region text COLLATE "C" NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (person_id, month, kind, employer_key)
);
CREATE TABLE registry.wage_month (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  employer_key bigint NOT NULL,
  employer_name text NOT NULL,
  amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
  paid_on date,
  method text,
  home_region text COLLATE "C" NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (person_id, month, employer_key)
);
-- Rows of tables we have no register for yet (ledger kind "generic"): kept whole, shown on the person's page.
CREATE TABLE registry.other_record (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  title text NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  content jsonb NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (person_id, title, month)
);
CREATE INDEX contract_batch ON registry.contract USING brin (created_batch) WITH (pages_per_range = 32);
CREATE INDEX insurance_month_batch ON registry.insurance_month USING brin (created_batch) WITH (pages_per_range = 32);
CREATE INDEX wage_month_batch ON registry.wage_month USING brin (created_batch) WITH (pages_per_range = 32);
CREATE INDEX other_record_batch ON registry.other_record USING brin (created_batch) WITH (pages_per_range = 32);
