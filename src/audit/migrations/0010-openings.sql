-- For functions of the owner only. 谁查看过: what a citizen may read of the log about himself. A column wall that row policies cannot give: office, duties, time and
-- purpose, but neither the officer's name nor his address. Whose it is comes from the transaction's setting and not from an argument.
CREATE FUNCTION audit.openings_of_self(skipped int, wanted int)
RETURNS TABLE (at timestamptz, kind text, act text, organisation text, officer_id bigint, purpose text, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT e.at, e.kind, e.act, e.organisation, e.officer_id, coalesce(e.detail->>'purpose', e.detail->>'note', ''), count(*) OVER ()
  FROM audit.entry e
  WHERE e.subject = 'registry.person:' || platform.person() AND e.outcome = 'done' AND e.officer_id IS NOT NULL
  ORDER BY e.entry_id DESC OFFSET skipped LIMIT least(wanted, 200)
$$;
REVOKE ALL ON FUNCTION audit.openings_of_self(int, int) FROM public;
