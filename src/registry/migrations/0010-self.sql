-- A citizen reads his own rows and no other; he writes none of them: a correction is asked for and made by an officer.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['person', 'person_access', 'person_category', 'employment', 'contract', 'insurance_month', 'wage_month', 'other_record'] LOOP
    EXECUTE format('CREATE POLICY own ON registry.%I FOR SELECT TO wengang_app USING (person_id = (SELECT platform.person()))', t);
  END LOOP;
END $$;
-- An enterprise reads its own record.
CREATE POLICY own ON registry.employer FOR SELECT TO wengang_app USING (employer_id = (SELECT platform.employer()));
-- Functions that look before anybody's scope is known run as the owner, whom forced row security would blind when it is no superuser.
CREATE POLICY owner_all ON registry.person_key FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY owner_all ON registry.employer FOR SELECT TO CURRENT_USER USING (true);
