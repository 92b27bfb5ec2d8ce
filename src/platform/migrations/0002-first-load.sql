-- The first load of an empty installation: keys and indexes are set aside, the rows written, and all of them made again by
-- sorting, in the one transaction of the load. Nothing is committed that they do not hold for, and nobody reads meanwhile
-- what does not exist yet. Row by row, the indexes of a province's first load cost several times the rows themselves.
CREATE TABLE platform.set_aside (
  position int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  statement text NOT NULL
);

-- False, and nothing done, unless no table has ever been written. Locks them against everybody until the transaction ends.
CREATE FUNCTION platform.set_indexes_aside(tables regclass[]) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  one regclass;
  found record;
BEGIN
  -- Looked at before and after: a table in use must not even be locked.
  IF (SELECT sum(pg_relation_size(t)) FROM unnest(tables) t) > 0 THEN RETURN false; END IF;
  FOREACH one IN ARRAY tables LOOP
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', one);
    -- By size, not by a query: row security could hide rows from the owner, and the tables are truncated below.
    IF pg_relation_size(one) > 0 THEN RETURN false; END IF;
  END LOOP;
  -- Made again in this order: keys, then indexes, then what refers to the keys.
  INSERT INTO platform.set_aside (statement)
    SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype IN ('p', 'u', 'x') AND conrelid = ANY (tables) ORDER BY conrelid, contype, conname;
  INSERT INTO platform.set_aside (statement)
    SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid = ANY (tables) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY i.indexrelid;
  INSERT INTO platform.set_aside (statement)
    SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND (conrelid = ANY (tables) OR confrelid = ANY (tables)) ORDER BY conrelid, conname;
  -- A foreign key is validated by a query, from which forced row security would hide the rows.
  INSERT INTO platform.set_aside (statement)
    SELECT format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class WHERE oid = ANY (tables) AND relforcerowsecurity;
  FOR found IN SELECT oid::regclass AS name FROM pg_class WHERE oid = ANY (tables) AND relforcerowsecurity LOOP
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', found.name);
  END LOOP;
  FOR found IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
    WHERE contype IN ('f', 'p', 'u', 'x') AND (conrelid = ANY (tables) OR contype = 'f' AND confrelid = ANY (tables)) ORDER BY contype = 'f' DESC
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.owner, found.conname);
  END LOOP;
  FOR found IN SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid = ANY (tables) LOOP
    EXECUTE format('DROP INDEX %s', found.name);
  END LOOP;
  -- A table emptied in this transaction is written without a log where the server is set so; a crash leaves it empty.
  EXECUTE 'TRUNCATE ' || (SELECT string_agg(t::text, ', ') FROM unnest(tables) t);
  RETURN true;
END $$;

CREATE FUNCTION platform.make_indexes_again() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog SET maintenance_work_mem = '512MB' AS $$
DECLARE
  again text;
BEGIN
  FOR again IN SELECT statement FROM platform.set_aside ORDER BY position LOOP
    EXECUTE again;
  END LOOP;
  DELETE FROM platform.set_aside;
END $$;

-- Only functions of the domains, which name their own tables, call these.
REVOKE ALL ON FUNCTION platform.set_indexes_aside(regclass[]), platform.make_indexes_again() FROM public;
