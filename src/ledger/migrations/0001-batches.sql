CREATE SCHEMA ledger;
GRANT USAGE ON SCHEMA ledger TO wengang_app, wengang_worker;
-- Rows of a batch while it is worked on: one unlogged table per batch, made and read by the worker only (COPY does not work
-- under row security). No identity number, phone or bank account in clear: those wait encrypted in the file store.
CREATE SCHEMA ledger_stage;
GRANT USAGE, CREATE ON SCHEMA ledger_stage TO wengang_worker;

CREATE TABLE ledger.batch (
  batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  sender text NOT NULL,                          -- department that handed it over
  coverage text[] COLLATE "C" NOT NULL CHECK (cardinality(coverage) > 0),  -- regions it claims to be complete for
  region text COLLATE "C" NOT NULL,              -- area of the office that works on it
  complete boolean NOT NULL DEFAULT true,        -- false: a supplement; nobody in it counts as vanished
  title text NOT NULL DEFAULT '',                -- for kind "other": what the table is
  file_id bigint NOT NULL REFERENCES platform.file (file_id),
  file_name text NOT NULL,
  file_sha256 text NOT NULL,
  format text,
  state text NOT NULL,
  round int NOT NULL DEFAULT 1,                  -- how many times a mended file was uploaded back
  mapping jsonb,
  counts jsonb NOT NULL DEFAULT '{}',
  problem jsonb,
  business_date date NOT NULL,
  counter_of bigint REFERENCES ledger.batch (batch_id),
  undone_by bigint REFERENCES ledger.batch (batch_id),
  change_digest text,
  left_out boolean NOT NULL DEFAULT false,       -- a difference was set aside; else nobody looks for them among millions
  compared_mark text,                            -- how far the registry was when it was compared
  remembered_at timestamptz,                     -- the mapping was taken over from an earlier table of that moment
  received_by bigint NOT NULL,
  received_by_name text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  vanish_approved_by bigint,
  applied_by bigint,
  applied_by_name text,
  applied_at timestamptz,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX batch_region ON ledger.batch (region, batch_id DESC);
CREATE INDEX batch_month ON ledger.batch (kind, month);
CREATE INDEX batch_digest ON ledger.batch (file_sha256);

-- How a sender's columns were understood the last time, by the signature of its header.
CREATE TABLE ledger.remembered_mapping (
  region text COLLATE "C" NOT NULL,
  sender text NOT NULL,
  kind text NOT NULL,
  signature text NOT NULL,
  mapping jsonb NOT NULL,
  used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (region, kind, sender, signature)
);

-- One faulty or repaired cell of a batch. A row with a fault that is not repaired is neither applied nor counted as vanished.
-- (No foreign key to the batch, here and in `difference`: a batch is never deleted, and a first load writes millions of rows.)
CREATE TABLE ledger.fault (
  batch_id bigint NOT NULL,
  sheet int NOT NULL,
  row_no int NOT NULL,
  field text NOT NULL,
  code text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('repaired', 'waiting', 'notice')),
  column_no int,
  message text NOT NULL,
  value_mask text NOT NULL DEFAULT '',           -- what stood there, masked where it may be an identity number, phone or account
  suggestion text,                               -- masked likewise
  suggestion_secret bytea,                       -- the suggestion itself where it is masked above
  name text,
  region text COLLATE "C" NOT NULL,
  birth_date date,                               -- read from a damaged number where it still can be; keeps the person from "vanishing"
  PRIMARY KEY (batch_id, sheet, row_no, field, code)
);
CREATE INDEX fault_code ON ledger.fault (batch_id, severity, code);

-- One person's (or register row's) difference between the registry and the batch, with one reason.
CREATE TABLE ledger.difference (
  batch_id bigint NOT NULL,
  difference_id int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('new', 'changed', 'vanished', 'returned', 'moved', 'conflicting')),
  reason text NOT NULL,
  row_no int,
  sheet int,
  person_id bigint NOT NULL,
  line_key uuid NOT NULL,
  new_person boolean NOT NULL DEFAULT false,
  name text NOT NULL,
  identity_mask text NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  cells jsonb,                                   -- [{entity, field, held, source, claimed, act}], masked where sensitive
  new_category text,                             -- without cells: somebody of whom nothing is held, and what he is reported as;
  new_spell text,                                -- what is read of him is made from these two (`cells_of`)
  decision text NOT NULL CHECK (decision IN ('adopt', 'leave', 'task')),
  decided_by bigint,
  -- Unique by difference_id alone; in the order of browsing, so that one index serves both.
  PRIMARY KEY (batch_id, home_region, difference_id)
);
-- Millions of people are new at once, and their cells, as JSON, took longer than everything else about comparing them.
CREATE FUNCTION ledger.cells_of(cells jsonb, new_category text, new_spell text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(cells,
    jsonb_build_array(jsonb_build_object('entity', 'person', 'field', 'new', 'held', NULL, 'claimed', coalesce(new_category, ''), 'act', 'adopt'))
    || CASE WHEN new_spell IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object('entity', 'employment', 'field', 'spell', 'held', NULL, 'claimed', new_spell, 'source', NULL, 'act', 'adopt')) END)
$$;

-- What each kind of ledger last said about a person: next month's rows that say the same are skipped by one hash join.
CREATE TABLE ledger.line (
  kind text NOT NULL,
  line_key uuid NOT NULL,
  person_id bigint NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  row_hash uuid NOT NULL,
  text_hash uuid,                                -- of the text in which it said so, where nothing was wrong with it (stage/recall.ts)
  month date NOT NULL,
  missing_since date,                            -- month of the ledger in which it was first not reported
  batch_id bigint NOT NULL,
  created_batch bigint NOT NULL,
  PRIMARY KEY (line_key, kind)                   -- not the kind first: a first load sorts by this, and hashes twice as fast
);
ALTER TABLE ledger.line SET (fillfactor = 90);
ALTER TABLE ledger.difference ALTER COLUMN cells SET STATISTICS 0;
-- The region first: a first load sorts by it, and the one kind of all its rows would tell none of them apart.
CREATE INDEX line_home ON ledger.line (home_region, kind);
-- By the batch that made it, which never changes: by the latest one, a server before 16 would write every index of a line that changes.
CREATE INDEX line_batch ON ledger.line USING brin (created_batch) WITH (pages_per_range = 32);

-- Earlier states of lines, so that an undone batch leaves no trace in them.
CREATE TABLE ledger.line_before (
  batch_id bigint NOT NULL,
  kind text NOT NULL,
  line_key uuid NOT NULL,
  before jsonb,                                  -- null: the line did not exist
  PRIMARY KEY (batch_id, kind, line_key)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['batch', 'remembered_mapping'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format('CREATE POLICY by_region ON ledger.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
  END LOOP;

  FOREACH t IN ARRAY ARRAY['fault'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format('CREATE POLICY by_region ON ledger.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['difference', 'line'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format('CREATE POLICY home ON ledger.%I TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope()))) WITH CHECK (platform.sees(home_region, (SELECT platform.scope())))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['batch', 'remembered_mapping', 'fault', 'difference', 'line', 'line_before'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format('CREATE POLICY worker_all ON ledger.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.%I TO wengang_worker', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON ledger.batch, ledger.remembered_mapping TO wengang_app;
GRANT SELECT, UPDATE ON ledger.fault, ledger.difference TO wengang_app;
GRANT SELECT ON ledger.line TO wengang_app;

-- Cells mended on screen or by a returned sheet of faulty rows; laid over the file each time it is checked again.
CREATE TABLE ledger.repair (
  batch_id bigint NOT NULL REFERENCES ledger.batch (batch_id) ON DELETE CASCADE,
  sheet int NOT NULL,
  row_no int NOT NULL,
  field text NOT NULL,
  value_secret bytea NOT NULL,                   -- the new text of the cell, sealed; empty text clears the cell
  region text COLLATE "C" NOT NULL,
  repaired_by bigint,
  repaired_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (batch_id, sheet, row_no, field)
);
ALTER TABLE ledger.repair ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.repair FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON ledger.repair TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON ledger.repair TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.repair TO wengang_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.repair TO wengang_app;

-- A household's id from its number, unique within a county: computed, so that a batch needs no look-up.
CREATE FUNCTION ledger.household_id(household_no text, county text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('x' || left(md5(county || '|' || household_no), 16))::bit(64)::bigint & 9223372036854775807 $$;

-- The id a new person's number proposes: the first 63 bits of the keyed hash, as registry.newPersonId computes it.
CREATE FUNCTION ledger.proposed_person_id(id_hash uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (('x' || left(encode(uuid_send(id_hash), 'hex'), 16))::bit(64)::bigint >> 1) & 9223372036854775807 $$;

-- A cell's source is kept only where it differs from the row's own.
CREATE FUNCTION ledger.next_cell_sources(held jsonb, row_source smallint, adopted text[], claimed smallint) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT nullif((coalesce(held, '{}'::jsonb) - adopted)
    || CASE WHEN claimed = row_source THEN '{}'::jsonb ELSE coalesce((SELECT jsonb_object_agg(field, claimed) FROM unnest(adopted) AS field), '{}'::jsonb) END, '{}'::jsonb)
$$;

CREATE FUNCTION ledger.refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE ledger.line, ledger.difference, ledger.fault;
END $$;
REVOKE ALL ON FUNCTION ledger.refresh_statistics() FROM public;
GRANT EXECUTE ON FUNCTION ledger.refresh_statistics() TO wengang_worker;
