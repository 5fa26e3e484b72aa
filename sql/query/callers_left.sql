-- callers_left: of callers who stay connected those who still may
-- kind: read
-- $1 jsonb   session tokens       $2 jsonb   ids of users; lists of texts
-- columns: is_session bool, credential text       rows: any
select is_session, credential from gatepost.callers_left($1::jsonb, $2::jsonb)
