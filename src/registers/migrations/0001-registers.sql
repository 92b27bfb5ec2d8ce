CREATE SCHEMA registers;
GRANT USAGE ON SCHEMA registers TO wengang_app, wengang_worker;

-- A table handed over and taken in whole, in one transaction.
CREATE TABLE registers.import (
  import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  register text NOT NULL,
  region text COLLATE "C" NOT NULL,              -- area of the office that took it in
  file_id bigint,
  file_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('checking', 'checked', 'applied', 'undone', 'failed')),
  counts jsonb NOT NULL DEFAULT '{}',
  problem jsonb,
  business_date date NOT NULL,
  received_by bigint,
  received_by_name text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  applied_at timestamptz,
  undone_at timestamptz
);
CREATE INDEX import_register ON registers.import (register, region, import_id DESC);
ALTER TABLE registers.import ENABLE ROW LEVEL SECURITY;
ALTER TABLE registers.import FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON registers.import TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON registers.import TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON registers.import TO wengang_app, wengang_worker;

-- Every change of every register's rows, append-only: for the row's history and for taking an import back.
CREATE TABLE registers.change (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  register text NOT NULL,
  row_id bigint NOT NULL,
  region text COLLATE "C" NOT NULL,
  act text NOT NULL CHECK (act IN ('create', 'update', 'remove', 'undo')),
  before jsonb,
  after jsonb,
  import_id bigint,
  officer_id bigint,
  officer_name text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '',
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX change_row ON registers.change (register, row_id, change_id);
CREATE INDEX change_import ON registers.change (import_id) WHERE import_id IS NOT NULL;
ALTER TABLE registers.change ENABLE ROW LEVEL SECURITY;
ALTER TABLE registers.change FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON registers.change TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON registers.change TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON registers.change TO wengang_app, wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA registers TO wengang_app, wengang_worker;

-- Makes a domain's table a register: the columns every row has, both walls, rights. Called once by the table's own migration,
-- after the table and its unique key stand and before any row does.
CREATE FUNCTION registers.keep(target regclass, id text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s
    ADD COLUMN region text COLLATE "C" NOT NULL,             -- the office that keeps the row
    ADD COLUMN recorded_on date NOT NULL,                    -- business day on which it was last said
    ADD COLUMN import_id bigint,                             -- null: by hand
    ADD COLUMN version int NOT NULL DEFAULT 1', target);
  EXECUTE format('CREATE INDEX ON %s (region, %I)', target, id);
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY by_region ON %s TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', target);
  EXECUTE format('CREATE POLICY worker_all ON %s TO wengang_worker USING (true) WITH CHECK (true)', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO wengang_app, wengang_worker', target);
END $$;
REVOKE ALL ON FUNCTION registers.keep(regclass, text) FROM public;
