-- 银行文件格式: in which shape the bank of an office takes its batches. None: the plain one.
CREATE TABLE subsidies.bank_format (
  region text COLLATE "C" PRIMARY KEY CHECK (length(region) = 6),
  format text NOT NULL CHECK (format IN ('plain', 'pipe', 'card')),
  set_by_name text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
);
-- A batch keeps the format in which it was sent: its file is the same bytes however often it is taken.
ALTER TABLE subsidies.payment_batch ADD COLUMN bank_format text CHECK (bank_format IN ('plain', 'pipe', 'card'));

ALTER TABLE subsidies.bank_format ENABLE ROW LEVEL SECURITY;
ALTER TABLE subsidies.bank_format FORCE ROW LEVEL SECURITY;
CREATE POLICY by_region ON subsidies.bank_format TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY worker_all ON subsidies.bank_format TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON subsidies.bank_format TO wengang_app, wengang_worker;
