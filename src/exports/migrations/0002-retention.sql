-- Marks of exports leave when their time is over.
CREATE POLICY worker_all ON exports.mark TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON exports.mark TO wengang_worker;
CREATE INDEX mark_export ON exports.mark (export_id);
