-- Marks of exports leave when their time is over.
CREATE POLICY worker_all ON exports.mark TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON exports.mark TO wengang_worker;
CREATE INDEX mark_export ON exports.mark (export_id);

-- Which exports gave somebody out, by his marks: for himself only, of whom the server made them. Numbers, as the audit log names them.
CREATE POLICY owner_finds ON exports.mark FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY owner_finds ON exports.export FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION exports.with_marks(marks bigint[]) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(array_agg('DC-' || to_char(e.business_date, 'YYYYMMDD') || '-' || e.export_id), '{}') FROM exports.export e
  WHERE platform.person() IS NOT NULL AND e.export_id IN (SELECT m.export_id FROM exports.mark m WHERE m.mark = ANY (marks))
$$;
REVOKE ALL ON FUNCTION exports.with_marks(bigint[]) FROM public;
GRANT EXECUTE ON FUNCTION exports.with_marks(bigint[]) TO wengang_app;
