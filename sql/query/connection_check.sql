-- connection_check: whether row-level security binds this connection, and a limit on its statements
-- kind: read
-- $1 text   longest a statement may run, as PostgreSQL writes times ('5000ms')
-- columns: bound bool, statement_timeout text       rows: 1
select row_security_active('gatepost.task') as bound,
       set_config('statement_timeout', $1, false) as statement_timeout
