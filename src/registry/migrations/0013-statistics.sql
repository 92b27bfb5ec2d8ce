-- The statistics of a large load in two halves that take about as long, for two connections: half of them was a hundredth of a first load.
CREATE FUNCTION registry.refresh_people_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE registry.person, registry.person_key, registry.household;
END $$;
CREATE FUNCTION registry.refresh_work_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE registry.employment, registry.person_category, registry.person_access, registry.contract, registry.insurance_month, registry.wage_month,
    registry.other_record, registry.change, registry.comparison;
END $$;
CREATE OR REPLACE FUNCTION registry.refresh_statistics() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT registry.refresh_people_statistics();
  SELECT registry.refresh_work_statistics();
$$;
REVOKE ALL ON FUNCTION registry.refresh_people_statistics(), registry.refresh_work_statistics() FROM public;
GRANT EXECUTE ON FUNCTION registry.refresh_people_statistics(), registry.refresh_work_statistics() TO wengang_worker;
