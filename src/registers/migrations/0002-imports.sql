-- Tables of one import while it is worked on. Owned and read by the worker role only.
CREATE SCHEMA registers_stage;
GRANT USAGE, CREATE ON SCHEMA registers_stage TO wengang_worker;

-- A table that its officer does not want after all is left as discarded.
ALTER TABLE registers.import DROP CONSTRAINT import_state_check;
ALTER TABLE registers.import ADD CONSTRAINT import_state_check
  CHECK (state IN ('checking', 'checked', 'applied', 'undone', 'failed', 'discarded'));
ALTER TABLE registers.import
  ADD COLUMN mapping jsonb NOT NULL DEFAULT '[]',   -- how the sheets and columns were understood
  ADD COLUMN chosen jsonb,                          -- the columns as its officer has set them; null: as they were recognised
  ADD COLUMN sample jsonb NOT NULL DEFAULT '[]',    -- the first rows that would change: before and after
  ADD COLUMN mark text NOT NULL DEFAULT '';         -- the rows it was compared with, in their versions

-- What is wrong with a row, for the list on screen and the workbook that goes back; gone with the rows when mended.
CREATE TABLE registers.import_fault (
  import_id bigint NOT NULL REFERENCES registers.import (import_id),
  sheet int NOT NULL,
  row_no int NOT NULL,
  column_name text NOT NULL,                        -- '' where the row as a whole is wrong
  label text NOT NULL,
  message text NOT NULL,
  value_mask text NOT NULL,
  region text COLLATE "C" NOT NULL                  -- of the import
);
CREATE INDEX import_fault_place ON registers.import_fault (import_id, sheet, row_no);
ALTER TABLE registers.import_fault ENABLE ROW LEVEL SECURITY;
ALTER TABLE registers.import_fault FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON registers.import_fault TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON registers.import_fault TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT ON registers.import_fault TO wengang_app;
GRANT SELECT, INSERT, DELETE ON registers.import_fault TO wengang_worker;
