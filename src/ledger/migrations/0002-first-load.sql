-- Lines of a first load, beside the registry's own tables (registry/0005-first-load.sql).
CREATE FUNCTION ledger.begin_first_load() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT platform.set_indexes_aside(ARRAY['ledger.line']::regclass[])
$$;
REVOKE ALL ON FUNCTION ledger.begin_first_load() FROM public;
GRANT EXECUTE ON FUNCTION ledger.begin_first_load() TO wengang_worker;

-- The differences of a first comparison, as long as nobody has ever compared anything: millions of rows at once. Called first
-- in the transaction, because two that had already written could not both wait for the table.
CREATE FUNCTION ledger.begin_first_differences() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT platform.set_indexes_aside(ARRAY['ledger.difference']::regclass[])
$$;
CREATE FUNCTION ledger.end_first_differences() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT platform.make_indexes_again()
$$;
REVOKE ALL ON FUNCTION ledger.begin_first_differences(), ledger.end_first_differences() FROM public;
GRANT EXECUTE ON FUNCTION ledger.begin_first_differences(), ledger.end_first_differences() TO wengang_worker;
