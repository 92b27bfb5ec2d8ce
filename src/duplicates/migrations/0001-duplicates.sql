CREATE SCHEMA duplicates;
GRANT USAGE ON SCHEMA duplicates TO wengang_app, wengang_worker, wengang_auditor;

-- From which score on two records count as one person (proposed as such), and from which somebody is to look. One row, set by the operator.
CREATE TABLE duplicates.threshold (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  upper smallint NOT NULL DEFAULT 80 CHECK (upper BETWEEN 1 AND 100),
  lower smallint NOT NULL DEFAULT 50 CHECK (lower BETWEEN 1 AND 100),
  CHECK (lower <= upper)
);
INSERT INTO duplicates.threshold DEFAULT VALUES;
GRANT SELECT ON duplicates.threshold TO wengang_app, wengang_worker;
GRANT UPDATE ON duplicates.threshold TO wengang_worker;

-- 疑似重复: two records that may be of one person. Who they are stands in `side`, so that each county sees its own record only.
CREATE TABLE duplicates.pair (
  pair_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pair_key uuid NOT NULL UNIQUE,                 -- digest of both ids, smaller first
  kind text NOT NULL CHECK (kind IN ('duplicate', 'swapped')),
  score smallint NOT NULL CHECK (score BETWEEN 0 AND 100),
  reasons text[] NOT NULL,
  band text NOT NULL CHECK (band IN ('likely', 'possible')),
  across boolean NOT NULL,                       -- the records lie in two counties
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'different', 'merging', 'transferring', 'merged', 'swapped', 'withdrawn')),
  facts uuid NOT NULL,                           -- digest of what was compared: a pair judged returns only when this changes
  raised_on date NOT NULL,
  due_on date NOT NULL,
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  decision_note text
);
CREATE INDEX pair_state ON duplicates.pair (state, due_on, pair_id);

CREATE TABLE duplicates.side (
  pair_id bigint NOT NULL REFERENCES duplicates.pair (pair_id),
  person_id bigint NOT NULL,                     -- stays when the record has gone into another: the pair says what was decided
  other_county text COLLATE "C" NOT NULL,        -- of the other record: all that this side learns of it
  owner_id bigint,                               -- who sees to it
  owner_name text,
  owner_office text,
  owned_since timestamptz,
  PRIMARY KEY (pair_id, person_id)
);
CREATE INDEX side_person ON duplicates.side (person_id);

-- 合并. `map` below holds what became of every row, so that it can be taken back.
CREATE TABLE duplicates.merge (
  merge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pair_id bigint NOT NULL REFERENCES duplicates.pair (pair_id),
  survivor_id bigint NOT NULL,
  loser_id bigint NOT NULL,
  loser_name text NOT NULL,
  loser_mask text NOT NULL,
  loser_home text COLLATE "C" NOT NULL,
  cells jsonb NOT NULL DEFAULT '{}',             -- field → survivor | loser, where the officer chose
  state text NOT NULL CHECK (state IN ('proposed', 'working', 'done', 'rejected', 'undoing', 'undone', 'failed')),
  why_second text,                               -- money | county: why a second officer decides; null: nobody need
  note text NOT NULL,
  proposed_by bigint,
  proposed_by_name text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT now(),
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  decision_note text,
  undone_by bigint,
  undone_by_name text,
  undone_at timestamptz,
  undo_note text,
  counts jsonb NOT NULL DEFAULT '{}',            -- rows moved and set aside, by table
  business_date date NOT NULL,
  CHECK (survivor_id <> loser_id),
  CHECK (why_second IS NULL OR decided_by IS DISTINCT FROM proposed_by OR decided_by IS NULL)
);
CREATE INDEX merge_survivor ON duplicates.merge (survivor_id);
CREATE INDEX merge_loser ON duplicates.merge (loser_id);
CREATE INDEX merge_pair ON duplicates.merge (pair_id);

-- Every row that a merge or its undo touched, whole, before and after. Of the worker only: it holds rows of all counties and offices.
CREATE TABLE duplicates.merge_row (
  merge_id bigint NOT NULL REFERENCES duplicates.merge (merge_id),
  row_no bigint GENERATED ALWAYS AS IDENTITY,
  way text NOT NULL CHECK (way IN ('merge', 'undo')),
  table_name text NOT NULL,
  -- moved: now the survivor's. aside: taken out, because the survivor has the same row already, or because it is computed again.
  -- changed: the survivor's own record. removed: the record that is no more.
  act text NOT NULL CHECK (act IN ('moved', 'aside', 'changed', 'removed')),
  old_row jsonb,
  new_row jsonb,
  CHECK (num_nonnulls(old_row, new_row) > 0),
  PRIMARY KEY (merge_id, row_no)
);

-- 跨县转移: another county is asked for a record (a duplicate, or somebody who has moved), or asked to take one. Neither learns more of
-- the other's record than the county, until it consents.
CREATE TABLE duplicates.transfer (
  transfer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('duplicate', 'moved')),
  asking_county text COLLATE "C" NOT NULL,
  asked_county text COLLATE "C" NOT NULL,
  keeps text NOT NULL CHECK (keeps IN ('asking', 'asked')),   -- whose record stays, and with it the home
  pair_id bigint REFERENCES duplicates.pair (pair_id),
  number_hash uuid,                              -- of somebody who has moved: his number's keyed hash
  to_region text COLLATE "C",                    -- his new home
  state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'escalated', 'consented', 'done', 'refused', 'withdrawn', 'failed')),
  reason text NOT NULL,
  due_on date NOT NULL,
  asked_by bigint,
  asked_by_name text NOT NULL,
  asked_by_office text NOT NULL,
  asked_on date NOT NULL,
  escalated_on date,
  answered_by bigint,
  answered_by_name text,
  answered_by_office text,
  answered_on date,
  answer text,
  effect text,                                   -- what came of it, in words
  CHECK (asking_county <> asked_county),
  CHECK ((kind = 'duplicate') = (pair_id IS NOT NULL) AND (kind = 'moved') = (number_hash IS NOT NULL AND to_region IS NOT NULL))
);
CREATE INDEX transfer_asking ON duplicates.transfer (asking_county, state, transfer_id);
CREATE INDEX transfer_asked ON duplicates.transfer (asked_county, state, due_on);
-- One open request for a pair, and for a number.
CREATE UNIQUE INDEX transfer_open_pair ON duplicates.transfer (pair_id) WHERE state IN ('requested', 'escalated', 'consented');
CREATE UNIQUE INDEX transfer_open_number ON duplicates.transfer (number_hash) WHERE state IN ('requested', 'escalated', 'consented');

-- Whom another county calls.
CREATE TABLE duplicates.contact (
  county text COLLATE "C" PRIMARY KEY REFERENCES registry.region (code),
  office text NOT NULL CHECK (office <> ''),
  person_name text NOT NULL CHECK (person_name <> ''),
  phone text NOT NULL CHECK (phone <> ''),
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['pair', 'side', 'merge', 'merge_row', 'transfer', 'contact'] LOOP
    EXECUTE format('ALTER TABLE duplicates.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE duplicates.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY worker_all ON duplicates.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON duplicates.%I TO wengang_worker', t);
  END LOOP;
END $$;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA duplicates TO wengang_app, wengang_worker;
GRANT SELECT, UPDATE ON duplicates.pair, duplicates.side TO wengang_app;
GRANT SELECT, INSERT, UPDATE ON duplicates.merge, duplicates.transfer, duplicates.contact TO wengang_app;
-- Each side is seen with the person; the pair with a side. So they follow whoever moves, without a copy of his home.
CREATE POLICY with_person ON duplicates.side TO wengang_app
  USING (EXISTS (SELECT FROM registry.person p WHERE p.person_id = side.person_id));
CREATE POLICY with_side ON duplicates.pair TO wengang_app
  USING (EXISTS (SELECT FROM duplicates.side s WHERE s.pair_id = pair.pair_id));
CREATE POLICY with_record ON duplicates.merge TO wengang_app
  USING (EXISTS (SELECT FROM registry.person p WHERE p.person_id IN (merge.survivor_id, merge.loser_id)));
CREATE POLICY of_either_county ON duplicates.transfer TO wengang_app
  USING (platform.sees(asking_county, (SELECT platform.scope())) OR platform.sees(asked_county, (SELECT platform.scope())))
  WITH CHECK (platform.sees(asking_county, (SELECT platform.scope())) OR platform.sees(asked_county, (SELECT platform.scope())));
CREATE POLICY read_by_offices ON duplicates.contact FOR SELECT TO wengang_app
  USING (coalesce(current_setting('app.region', true), '') <> '');
CREATE POLICY written_at_home ON duplicates.contact FOR INSERT TO wengang_app WITH CHECK (platform.sees(county, (SELECT platform.scope())));
CREATE POLICY changed_at_home ON duplicates.contact FOR UPDATE TO wengang_app
  USING (platform.sees(county, (SELECT platform.scope()))) WITH CHECK (platform.sees(county, (SELECT platform.scope())));

-- In which county the holder of a number is registered, for whoever knows number and name. It says the county and nothing else.
-- Runs as the owner, whom forced row security would blind when it is no superuser.
CREATE FUNCTION duplicates.county_of(number_hash uuid, name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT left(p.home_region, 6) FROM registry.person_key k JOIN registry.person p USING (person_id)
  WHERE k.key_hash = county_of.number_hash AND p.name = county_of.name
$$;
REVOKE ALL ON FUNCTION duplicates.county_of(uuid, text) FROM public;
GRANT EXECUTE ON FUNCTION duplicates.county_of(uuid, text) TO wengang_app;
