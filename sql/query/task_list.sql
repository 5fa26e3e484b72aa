-- task_list: the caller's tasks, newest first
-- kind: read
-- $1 boolean   only those completed, or only those not; null for all
-- $2 bigint   most rows to return       $3 bigint   rows to leave out before
-- $4 bigint   bytes of text; of what comes behind so many only the first row is returned
-- columns: the task, fits bool (false for that row)       rows: 0..$2
select id, uuid, user_id, title, description, completed, created_at, updated_at, version,
       coalesce(bytes_before, 0) < $4 as fits
from (
    select page.*, sum(bytes) over earlier as bytes_before, lag(bytes) over earlier as bytes_last
    from (
        select *, octet_length(title) + coalesce(octet_length(description), 0) as bytes
        from gatepost.task
        where user_id = current_setting('gatepost.user_id')
            and ($1::boolean is null or completed = $1)
        order by created_at desc, id desc
        limit $2 offset $3
    ) as page
    window earlier as (order by created_at desc, id desc rows between unbounded preceding and 1 preceding)
) as measured
where coalesce(bytes_before - bytes_last, 0) < $4
order by created_at desc, id desc
