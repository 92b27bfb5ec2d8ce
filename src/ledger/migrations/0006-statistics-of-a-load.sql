-- As registry/0014: their rough shape at once, the fine one when autovacuum comes by.
ALTER FUNCTION ledger.refresh_statistics() SET default_statistics_target = 30;
