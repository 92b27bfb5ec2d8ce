-- After a load the planner needs the tables' sizes and their rough shape at once; the fine one autovacuum brings. A look at a third of the pages
-- takes half the time, and writes a third of the log: with checksums the first look at a page that was just written logs it whole.
ALTER FUNCTION registry.refresh_people_statistics() SET default_statistics_target = 30;
ALTER FUNCTION registry.refresh_work_statistics() SET default_statistics_target = 30;
