-- 清除: history is append-only for everybody who serves; what may be taken out of it is a person's words, when his time is over. The
-- rows stay, so that every change remains provable by the audit log; the cells are emptied.
CREATE POLICY owner_redacts ON registry.person_former TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_redacts ON registry.person_category_former TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_redacts ON registry.employment_former TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE FUNCTION registry.emptied(cells jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN cells IS NOT NULL THEN coalesce((SELECT jsonb_object_agg(k, NULL) FROM jsonb_object_keys(cells) k), '{}') END $$;

-- Persons become others, known by chance numbers: history follows them without what it said. Earlier states that months count again
-- keep their dates and places; what triggers noted of this very transaction is not history. To be called after the rows themselves.
CREATE FUNCTION registry.forget_persons(olds bigint[], news bigint[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  mine xid := pg_current_xact_id()::xid;
  n bigint;
BEGIN
  DELETE FROM registry.person_former f WHERE f.xmin = mine AND f.person_id = ANY (olds || news);
  DELETE FROM registry.person_category_former f WHERE f.xmin = mine AND f.person_id = ANY (olds || news);
  DELETE FROM registry.employment_former f WHERE f.xmin = mine AND f.person_id = ANY (olds || news);
  UPDATE registry.person_former f SET person_id = m.new_id, name = CASE WHEN f.existed THEN '（已清除）' END, identity_mask = CASE WHEN f.existed THEN '' END
    FROM unnest(olds, news) m(old_id, new_id) WHERE f.person_id = m.old_id;
  UPDATE registry.person_category_former f SET person_id = m.new_id FROM unnest(olds, news) m(old_id, new_id) WHERE f.person_id = m.old_id;
  UPDATE registry.employment_former f SET person_id = m.new_id, employer_name = CASE WHEN f.existed THEN '（已清除）' END
    FROM unnest(olds, news) m(old_id, new_id) WHERE f.person_id = m.old_id;
  UPDATE registry.change c SET person_id = m.new_id, before = registry.emptied(c.before), after = registry.emptied(c.after), reason = ''
    FROM unnest(olds, news) m(old_id, new_id) WHERE c.person_id = m.old_id;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

-- The same of single rows whose own time is over: the cells of their changes, and the employer's name in earlier states.
CREATE FUNCTION registry.forget_rows(of_entity text, persons bigint[], keys jsonb[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  mine xid := pg_current_xact_id()::xid;
  n bigint;
BEGIN
  IF of_entity = 'employment' THEN
    DELETE FROM registry.employment_former f USING unnest(persons, keys) k(person_id, key)
      WHERE f.xmin = mine AND f.person_id = k.person_id AND f.employment_id = (k.key ->> 'employment_id')::bigint;
    UPDATE registry.employment_former f SET employer_name = '（已清除）' FROM unnest(persons, keys) k(person_id, key)
      WHERE f.existed AND f.person_id = k.person_id AND f.employment_id = (k.key ->> 'employment_id')::bigint;
  END IF;
  UPDATE registry.change c SET before = registry.emptied(c.before), after = registry.emptied(c.after), reason = ''
    FROM unnest(persons, keys) k(person_id, key)
    WHERE c.person_id = k.person_id AND c.entity = of_entity AND c.entity_key @> k.key AND (c.before IS NOT NULL OR c.after IS NOT NULL);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

-- Cells whose consent was taken back.
CREATE FUNCTION registry.forget_cells(persons bigint[], cells text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  n bigint;
BEGIN
  UPDATE registry.change c SET
    before = CASE WHEN c.before ?| cells THEN c.before || (SELECT jsonb_object_agg(k, NULL) FROM jsonb_object_keys(c.before) k WHERE k = ANY (cells)) ELSE c.before END,
    after = CASE WHEN c.after ?| cells THEN c.after || (SELECT jsonb_object_agg(k, NULL) FROM jsonb_object_keys(c.after) k WHERE k = ANY (cells)) ELSE c.after END
    WHERE c.person_id = ANY (persons) AND c.entity = 'person' AND (c.before ?| cells OR c.after ?| cells);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
REVOKE ALL ON FUNCTION registry.forget_persons(bigint[], bigint[]), registry.forget_rows(text, bigint[], jsonb[]), registry.forget_cells(bigint[], text[]) FROM public;
GRANT EXECUTE ON FUNCTION registry.forget_persons(bigint[], bigint[]), registry.forget_rows(text, bigint[], jsonb[]), registry.forget_cells(bigint[], text[]) TO wengang_worker;
