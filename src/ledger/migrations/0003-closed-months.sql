-- Months whose tables are settled, by the town or county that closed them: no batch of theirs is received, applied or undone
-- (trust.md: undo needs the month open). Kept by the domain that closes months, through `months.ts`.
CREATE TABLE ledger.closed_month (
  region text COLLATE "C" NOT NULL CHECK (length(region) IN (6, 9)),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  PRIMARY KEY (region, month)
);
ALTER TABLE ledger.closed_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.closed_month FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON ledger.closed_month TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON ledger.closed_month TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON ledger.closed_month TO wengang_app, wengang_worker;
