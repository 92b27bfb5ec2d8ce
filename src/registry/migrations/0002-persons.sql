-- Sources of facts, and which of them is believed for which field (configuration: rank 1 is believed first). The large tables
-- name them by number without a foreign key: looking up a row of twenty for each of millions cost as much as writing them.
CREATE TABLE registry.source (
  source smallint PRIMARY KEY CHECK (source BETWEEN 1 AND 32),
  code text NOT NULL UNIQUE,
  label text NOT NULL
);
CREATE TABLE registry.field_authority (
  entity text NOT NULL,
  field text NOT NULL,
  source smallint NOT NULL REFERENCES registry.source (source),
  rank smallint NOT NULL CHECK (rank > 0),
  PRIMARY KEY (entity, field, source)
);

-- 人员. One row per person. ID number, phone and bank account lie in `secret` (one envelope); beside it only masks and keyed hashes.
-- Every row names the source and batch of its values; `cell_sources` names a cell's source where it differs from the row's.
CREATE TABLE registry.person (
  person_id bigint PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  sex smallint CHECK (sex IN (0, 1, 2, 9)),                     -- GB/T 2261.1
  birth_date date,
  ethnicity smallint,                                            -- GB/T 3304
  education smallint,                                            -- GB/T 4658
  marital_status smallint,                                       -- GB/T 2261.2
  identity_kind text NOT NULL DEFAULT 'resident-id',
  identity_mask text NOT NULL,
  home_region text COLLATE "C" NOT NULL,                         -- 户籍地, village where known
  residence_region text COLLATE "C",                             -- 常住地
  household_id bigint,
  relation_to_head text,
  labour_capacity text,
  health text,
  job_willing boolean,
  training_willing boolean,
  desired_region text,
  desired_job text,
  skills text,
  address text,
  phone_mask text,
  phone_hash uuid,
  phone_tail text COLLATE "C",                                   -- last four digits, for look-up
  bank_mask text,
  bank_hash uuid,
  work_state text NOT NULL DEFAULT 'unknown' CHECK (work_state IN ('working', 'idle', 'to-verify', 'unknown')),
  life_state text NOT NULL DEFAULT 'active' CHECK (life_state IN ('active', 'moved', 'deceased')),
  secret bytea NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,                                               -- batch of the latest change; null: by hand
  created_batch bigint,                                          -- batch that created the row; null: by hand
  version int NOT NULL DEFAULT 1
);
-- With what lists are counted and searched by: the table itself is wide.
CREATE INDEX person_home ON registry.person (home_region, person_id) INCLUDE (name, life_state);
-- How many are to be visited is on everybody's first page.
CREATE INDEX person_to_verify ON registry.person (home_region, person_id) WHERE life_state = 'active' AND work_state = 'to-verify';
CREATE INDEX person_name ON registry.person (name COLLATE "C");
CREATE INDEX person_phone_tail ON registry.person (phone_tail) WHERE phone_tail IS NOT NULL;
CREATE INDEX person_phone ON registry.person (phone_hash) WHERE phone_hash IS NOT NULL;
CREATE INDEX person_household ON registry.person (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX person_created_batch ON registry.person USING brin (created_batch) WITH (pages_per_range = 32);

-- Room for a month's corrections beside the rows they change: an update in the same page touches no index.
ALTER TABLE registry.person SET (fillfactor = 90);
-- Envelopes are never searched for; statistics of them cost time and room.
ALTER TABLE registry.person ALTER COLUMN secret SET STATISTICS 0;

-- Who a number belongs to. A keyed hash proposes the id of a new person; an existing key decides. A corrected or late number adds a key.
CREATE TABLE registry.person_key (
  key_hash uuid NOT NULL,
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  kind text NOT NULL,
  key_version smallint NOT NULL DEFAULT 1,
  home_region text COLLATE "C" NOT NULL,
  created_batch bigint,
  PRIMARY KEY (key_hash)
);
CREATE INDEX person_key_person ON registry.person_key (person_id);
CREATE INDEX person_key_batch ON registry.person_key USING brin (created_batch) WITH (pages_per_range = 32);

-- Sight beyond home: a region that somebody lives, works or is insured in sees a minimal card (function person_card).
CREATE TABLE registry.person_access (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  region text COLLATE "C" NOT NULL,
  ground text NOT NULL CHECK (ground IN ('residence', 'work', 'insurance')),
  valid_from date NOT NULL,
  valid_to date,
  home_region text COLLATE "C" NOT NULL,
  created_batch bigint,
  PRIMARY KEY (person_id, ground, region, valid_from)
);
CREATE INDEX person_access_region ON registry.person_access (region, ground, person_id);

-- 家庭/户
CREATE TABLE registry.household (
  household_id bigint PRIMARY KEY,
  household_no text NOT NULL,
  head_name text,
  home_region text COLLATE "C" NOT NULL,
  kind text,
  per_capita_income_fen bigint CHECK (per_capita_income_fen >= 0),
  relocation_site text,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX household_home ON registry.household (home_region, household_id);
CREATE INDEX household_batch ON registry.household USING brin (created_batch) WITH (pages_per_range = 32);

-- 身份类别, dated, many per person (C-02). Intervals of one category never touch: one row per (person, category, start).
CREATE TABLE registry.person_category (
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  category text NOT NULL,
  valid_from date NOT NULL,
  valid_from_precision text NOT NULL DEFAULT 'day' CHECK (valid_from_precision IN ('day', 'month', 'year')),
  valid_to date,
  detail text,                                                   -- e.g. the monitored risk, the disability grade
  home_region text COLLATE "C" NOT NULL,
  recorded_on date NOT NULL,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  cell_sources jsonb,
  batch_id bigint,
  created_batch bigint,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (person_id, category, valid_from),
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX person_category_open ON registry.person_category (person_id, category) WHERE valid_to IS NULL;
CREATE INDEX person_category_home ON registry.person_category (home_region, category, person_id);
CREATE INDEX person_category_batch ON registry.person_category USING brin (created_batch) WITH (pages_per_range = 32);
