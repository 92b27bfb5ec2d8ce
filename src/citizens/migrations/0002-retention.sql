-- What has served its time is removed by background work.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['session', 'sms_code', 'member'] LOOP
    EXECUTE format('CREATE POLICY worker_removes ON citizens.%I TO wengang_worker USING (true)', t);
    EXECUTE format('GRANT SELECT, DELETE ON citizens.%I TO wengang_worker', t);
  END LOOP;
END $$;
