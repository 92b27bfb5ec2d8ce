-- Changes take part in cuts through history (platform/0003-history.sql): numbers drawn after joining lie above every mark drawn before.
-- Before the statement, because it is during it that the numbers are drawn.
CREATE FUNCTION registers.join_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM platform.join_history();
  RETURN NULL;
END $$;
CREATE TRIGGER joins_history BEFORE INSERT ON registers.change FOR EACH STATEMENT EXECUTE FUNCTION registers.join_history();
