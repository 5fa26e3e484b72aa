-- connection_check: whether row-level security binds this connection; a limit on its statements, UTC for
-- times without zone, and Better Auth's names before its tables (sql/names.sql)
-- kind: read
-- $1 text   longest a statement may run, as PostgreSQL writes times ('5000ms')
-- $2 boolean   whether all this is for the present transaction only, or for the connection
-- columns: bound bool, statement_timeout text, timezone text, search_path text       rows: 1
select row_security_active('gatepost.task') as bound,
       set_config('statement_timeout', $1, $2) as statement_timeout,
       set_config('timezone', 'UTC', $2) as timezone,
       set_config('search_path', concat_ws(', ', 'gatepost', nullif(current_setting('search_path'), '')), $2) as search_path
