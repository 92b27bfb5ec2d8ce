-- What rows were before, in the columns that a month's figures are made of, so that every closed month can be counted again as it
-- was known when it was closed. `registry.change` says who changed what and why; it does not tell of rows that an undo took away,
-- of homes that followed a person, or of rows that a merge gave to another. This is kept by triggers and misses no writer.
--
-- A row here is an event of one key: at `mark` the row ceased to be what is written here (`existed`), or came into being
-- (`existed` false, nothing else filled). As of a mark, a key is what its first event after that mark says; without one, what the
-- table says. Rows that a batch creates are known by their batch: one mark for all of them instead of an event each.
CREATE SEQUENCE registry.mark;

CREATE TABLE registry.batch_mark (
  batch_id bigint PRIMARY KEY,
  mark bigint NOT NULL DEFAULT nextval('registry.mark')
);
CREATE TABLE registry.person_former (
  person_id bigint NOT NULL,
  mark bigint NOT NULL DEFAULT nextval('registry.mark'),
  existed boolean NOT NULL,
  name text,
  identity_mask text,
  home_region text COLLATE "C",
  life_state text,
  created_batch bigint,
  PRIMARY KEY (person_id, mark)
);
CREATE TABLE registry.person_category_former (
  person_id bigint NOT NULL,
  category text NOT NULL,
  valid_from date NOT NULL,
  mark bigint NOT NULL DEFAULT nextval('registry.mark'),
  existed boolean NOT NULL,
  valid_to date,
  created_batch bigint,
  PRIMARY KEY (person_id, category, valid_from, mark)
);
CREATE TABLE registry.employment_former (
  person_id bigint NOT NULL,
  employment_id bigint NOT NULL,
  mark bigint NOT NULL DEFAULT nextval('registry.mark'),
  existed boolean NOT NULL,
  employer_key bigint,
  employer_name text,
  work_region text COLLATE "C",
  start_date date,
  end_date date,
  form text,
  created_batch bigint,
  PRIMARY KEY (person_id, employment_id, mark)
);
CREATE TABLE registry.employer_alias_former (
  name_key bigint NOT NULL,
  mark bigint NOT NULL DEFAULT nextval('registry.mark'),
  existed boolean NOT NULL,
  employer_id bigint,
  PRIMARY KEY (name_key, mark)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['person_former', 'person_category_former', 'employment_former', 'employer_alias_former'] LOOP
    EXECUTE format('CREATE INDEX %s_mark ON registry.%I (mark)', t, t);
    -- Written by whoever writes the rows themselves; read by background work only, because a person's former home is not the
    -- business of whoever sees him now. Nobody who serves changes or deletes it.
    EXECUTE format('CREATE POLICY noted ON registry.%I FOR INSERT TO wengang_app WITH CHECK (true)', t);
    EXECUTE format('GRANT INSERT ON registry.%I TO wengang_app', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['batch_mark', 'person_former', 'person_category_former', 'employment_former', 'employer_alias_former'] LOOP
    EXECUTE format('ALTER TABLE registry.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE registry.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY worker_all ON registry.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT ON registry.%I TO wengang_worker', t);
  END LOOP;
END $$;
GRANT USAGE ON SEQUENCE registry.mark TO wengang_app, wengang_worker;

-- One statement per statement, however many rows. EXCEPT hashes or sorts; a join of transition tables, planned once for a single row
-- and used again for a hundred thousand, would not end.
CREATE FUNCTION registry.note_former() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key text := CASE TG_TABLE_NAME WHEN 'person' THEN 'person_id' WHEN 'person_category' THEN 'person_id, category, valid_from'
    WHEN 'employment' THEN 'person_id, employment_id' ELSE 'name_key' END;
  kept text := CASE TG_TABLE_NAME WHEN 'person' THEN 'name, identity_mask, home_region, life_state, created_batch' WHEN 'person_category' THEN 'valid_to, created_batch'
    WHEN 'employment' THEN 'employer_key, employer_name, work_region, start_date, end_date, form, created_batch' ELSE 'employer_id' END;
BEGIN
  PERFORM platform.join_history();
  EXECUTE format('INSERT INTO registry.%I (%s, existed, %s) SELECT %s, true, %s FROM (SELECT %s, %s FROM old_rows %s) gone',
    TG_TABLE_NAME || '_former', key, kept, key, kept, key, kept,
    CASE TG_OP WHEN 'UPDATE' THEN format('EXCEPT SELECT %s, %s FROM new_rows', key, kept) ELSE '' END);
  -- A row whose key changed (a merge) is another row from here on.
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format('INSERT INTO registry.%I (%s, existed) SELECT %s, false FROM (SELECT %s FROM new_rows EXCEPT SELECT %s FROM old_rows) come',
      TG_TABLE_NAME || '_former', key, key, key, key);
  END IF;
  RETURN NULL;
END $$;

-- Rows that no batch brings: entered by hand. Whoever fills an empty installation says so (`app.seeding`): what it holds was always there.
CREATE FUNCTION registry.note_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM platform.join_history();
  CASE TG_TABLE_NAME
    WHEN 'person' THEN INSERT INTO registry.person_former (person_id, existed) VALUES (NEW.person_id, false);
    WHEN 'person_category' THEN INSERT INTO registry.person_category_former (person_id, category, valid_from, existed) VALUES (NEW.person_id, NEW.category, NEW.valid_from, false);
    WHEN 'employment' THEN INSERT INTO registry.employment_former (person_id, employment_id, existed) VALUES (NEW.person_id, NEW.employment_id, false);
    ELSE INSERT INTO registry.employer_alias_former (name_key, existed) VALUES (NEW.name_key, false);
  END CASE;
  RETURN NULL;
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['person', 'person_category', 'employment', 'employer_alias'] LOOP
    EXECUTE format('CREATE TRIGGER former_updated AFTER UPDATE ON registry.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION registry.note_former()', t);
    EXECUTE format('CREATE TRIGGER former_deleted AFTER DELETE ON registry.%I REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION registry.note_former()', t);
    EXECUTE format('CREATE TRIGGER former_begun AFTER INSERT ON registry.%I FOR EACH ROW WHEN (%s coalesce(current_setting(''app.seeding'', true), '''') <> ''yes'') EXECUTE FUNCTION registry.note_beginning()',
      t, CASE t WHEN 'employer_alias' THEN '' ELSE 'NEW.created_batch IS NULL AND' END);
  END LOOP;
END $$;
