-- session_refresh: let a live session live on from now
-- kind: write
-- $1 text   raw session token       $2 bigint   seconds that it lives
-- columns: expiresAt timestamptz, updatedAt timestamptz       rows: 0 or 1
update session
set "expiresAt" = date_trunc('milliseconds', now()) + make_interval(secs => $2::bigint),
    "updatedAt" = date_trunc('milliseconds', now())
where token = $1 and "expiresAt" >= now()
returning "expiresAt"::timestamptz, "updatedAt"::timestamptz
