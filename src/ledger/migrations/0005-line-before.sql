-- Earlier states of lines in columns of their own: of a hundred thousand lines a month, JSON was half the cost of keeping them.
ALTER TABLE ledger.line_before
  ADD row_hash uuid,
  ADD text_hash uuid,
  ADD month date,
  ADD missing_since date,
  ADD latest_batch bigint;                       -- the line's batch_id
-- Forced row security would hide the rows from an owner who is no superuser.
ALTER TABLE ledger.line_before NO FORCE ROW LEVEL SECURITY;
UPDATE ledger.line_before SET row_hash = (before->>'row_hash')::uuid, text_hash = (before->>'text_hash')::uuid, month = (before->>'month')::date,
  missing_since = (before->>'missing_since')::date, latest_batch = (before->>'batch_id')::bigint;
ALTER TABLE ledger.line_before FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.line_before
  DROP before,
  ALTER row_hash SET NOT NULL,
  ALTER month SET NOT NULL,
  ALTER latest_batch SET NOT NULL;
