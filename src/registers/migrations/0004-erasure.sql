-- 清除: rows of history keep what was done, when and where, for months that are counted again; whom it was about becomes a number by
-- chance, and words go. `registers` names each register's person column, `words` its columns of text.
CREATE POLICY owner_redacts ON registers.change TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE FUNCTION registers.without(cells jsonb, person text, words text[], olds bigint[], news bigint[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN (cells ->> person)::bigint = ANY (olds) THEN cells || coalesce((SELECT jsonb_object_agg(k, NULL) FROM jsonb_object_keys(cells) k WHERE k = ANY (words)), '{}')
    || jsonb_build_object(person, news[array_position(olds, (cells ->> person)::bigint)]) ELSE cells END
$$;
CREATE FUNCTION registers.forget_persons(names text[], persons text[], words jsonb, olds bigint[], news bigint[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE n bigint;
BEGIN
  UPDATE registers.change c SET reason = '', before = registers.without(c.before, k.person, k.words, olds, news), after = registers.without(c.after, k.person, k.words, olds, news)
    FROM (SELECT name, person, ARRAY(SELECT jsonb_array_elements_text(words -> name)) AS words FROM unnest(names, persons) u(name, person)) k
    WHERE c.register = k.name AND ((c.before ->> k.person)::bigint = ANY (olds) OR (c.after ->> k.person)::bigint = ANY (olds));
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
REVOKE ALL ON FUNCTION registers.forget_persons(text[], text[], jsonb, bigint[], bigint[]) FROM public;
GRANT EXECUTE ON FUNCTION registers.forget_persons(text[], text[], jsonb, bigint[], bigint[]) TO wengang_worker;
