-- Lines of a first load, beside the registry's own tables (registry/0005-first-load.sql).
CREATE FUNCTION ledger.begin_first_load() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT platform.set_indexes_aside(ARRAY['ledger.line']::regclass[])
$$;
REVOKE ALL ON FUNCTION ledger.begin_first_load() FROM public;
GRANT EXECUTE ON FUNCTION ledger.begin_first_load() TO wengang_worker;
