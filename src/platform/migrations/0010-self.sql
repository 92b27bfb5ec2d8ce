-- Scope *self*: a citizen's or an enterprise's own transaction. Beside an officer's settings these are empty, and what is empty sees nothing.
CREATE FUNCTION platform.account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.account', true), '')::bigint $$;
CREATE FUNCTION platform.person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.person', true), '')::bigint $$;
CREATE FUNCTION platform.employer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.employer', true), '')::bigint $$;
