-- Whose work is to be verified by a visit. How many they are is on everybody's first page, hence this list of the few beside the wide
-- table of all. No index of registry.person can take its place: with the state of work in any index, an update of nothing else
-- would write a new entry into each of its seven, and a month has a hundred thousand of them. Kept by triggers; no foreign key,
-- because the person's own row decides.
DROP INDEX registry.person_to_verify;
CREATE TABLE registry.person_to_verify (
  person_id bigint PRIMARY KEY,
  home_region text COLLATE "C" NOT NULL
);
CREATE INDEX person_to_verify_home ON registry.person_to_verify (home_region, person_id);

ALTER TABLE registry.person_to_verify ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.person_to_verify FORCE ROW LEVEL SECURITY;
CREATE POLICY home ON registry.person_to_verify FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY worker_all ON registry.person_to_verify TO wengang_worker USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON registry.person_to_verify TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT ON registry.person_to_verify TO wengang_app;
GRANT SELECT, DELETE ON registry.person_to_verify TO wengang_worker;

-- Runs as the owner: whoever may write the person need not be one who may write here.
CREATE FUNCTION registry.keep_to_verify() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO registry.person_to_verify (person_id, home_region) VALUES (NEW.person_id, NEW.home_region);
    RETURN NULL;
  END IF;
  -- By an array of keys: a join of transition tables would keep the plan that was made for a single row.
  IF EXISTS (SELECT 1 FROM old_rows WHERE work_state = 'to-verify' AND life_state = 'active') THEN
    DELETE FROM registry.person_to_verify WHERE person_id = ANY (ARRAY(SELECT person_id FROM old_rows WHERE work_state = 'to-verify' AND life_state = 'active'));
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO registry.person_to_verify (person_id, home_region)
      SELECT person_id, home_region FROM new_rows WHERE work_state = 'to-verify' AND life_state = 'active';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION registry.keep_to_verify() FROM public;

CREATE TRIGGER to_verify_begun AFTER INSERT ON registry.person FOR EACH ROW WHEN (NEW.work_state = 'to-verify' AND NEW.life_state = 'active') EXECUTE FUNCTION registry.keep_to_verify();
CREATE TRIGGER to_verify_updated AFTER UPDATE ON registry.person REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION registry.keep_to_verify();
CREATE TRIGGER to_verify_deleted AFTER DELETE ON registry.person REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION registry.keep_to_verify();

INSERT INTO registry.person_to_verify (person_id, home_region)
  SELECT person_id, home_region FROM registry.person WHERE work_state = 'to-verify' AND life_state = 'active';
