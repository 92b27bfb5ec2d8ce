-- Whether the registry was empty, so that its indexes are now set aside until `end_first_load` (platform/0002-first-load.sql).
CREATE FUNCTION registry.begin_first_load() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT platform.set_indexes_aside(ARRAY['registry.person', 'registry.person_key', 'registry.person_access', 'registry.household',
    'registry.person_category', 'registry.employment']::regclass[])
$$;
CREATE FUNCTION registry.end_first_load() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT platform.make_indexes_again()
$$;
REVOKE ALL ON FUNCTION registry.begin_first_load(), registry.end_first_load() FROM public;
GRANT EXECUTE ON FUNCTION registry.begin_first_load(), registry.end_first_load() TO wengang_worker;
