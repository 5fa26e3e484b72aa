-- connection_check: whether row-level security binds this connection; a limit on its statements, UTC for
-- times without zone, Better Auth's names before its tables (sql/names.sql), and one plan for each
-- statement: all find their rows by an index, for whatever values, and where PostgreSQL compares costs
-- it comes to plan them anew each time, which takes longer than they run
-- kind: read
-- $1 text   longest a statement may run, as PostgreSQL writes times ('5000ms')
-- $2 boolean   whether all this is for the present transaction only, or for the connection
-- columns: bound bool, statement_timeout text, timezone text, search_path text, plans text       rows: 1
select row_security_active('gatepost.task') as bound,
       set_config('statement_timeout', $1, $2) as statement_timeout,
       set_config('timezone', 'UTC', $2) as timezone,
       set_config('search_path', concat_ws(', ', 'gatepost', nullif(current_setting('search_path'), '')), $2) as search_path,
       -- In a transaction's own settings, of a connection that keeps no statements, there is nothing to keep.
       case when not $2 then set_config('plan_cache_mode', 'force_generic_plan', false) end as plans
