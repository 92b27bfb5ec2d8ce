-- For functions of the owner only. 谁查看过: what a citizen may read of the log about himself. A column wall that row policies cannot give: office, duties, time and
-- purpose, but neither the officer's name nor his address. Whose it is comes from the transaction's setting and not from an argument.
-- Lists and exports keep no persons: `shown` is the keyed mark that stands in the row of a page of a list on which he was, `numbers` are
-- those of the exports whose marks name him (exports.with_marks). Both are made by the server from the person who asks.
CREATE INDEX entry_shown ON audit.entry USING gin ((detail -> 'shown') jsonb_path_ops) WHERE detail ? 'shown';
CREATE INDEX entry_export ON audit.entry ((detail ->> 'exportNumber')) WHERE detail ? 'exportNumber';
CREATE FUNCTION audit.openings_of_self(skipped int, wanted int, shown text, numbers text[])
RETURNS TABLE (at timestamptz, kind text, act text, organisation text, officer_id bigint, purpose text, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT e.at, e.kind, e.act, e.organisation, e.officer_id, coalesce(e.detail->>'purpose', e.detail->>'note', ''), count(*) OVER ()
  FROM audit.entry e
  WHERE platform.person() IS NOT NULL AND (e.subject = 'registry.person:' || platform.person()
      OR e.detail ? 'shown' AND e.detail -> 'shown' @> to_jsonb(shown)
      OR e.detail ? 'exportNumber' AND e.detail ->> 'exportNumber' = ANY (numbers)) AND e.outcome = 'done' AND e.officer_id IS NOT NULL
  ORDER BY e.entry_id DESC OFFSET skipped LIMIT least(wanted, 200)
$$;
REVOKE ALL ON FUNCTION audit.openings_of_self(int, int, text, text[]) FROM public;
