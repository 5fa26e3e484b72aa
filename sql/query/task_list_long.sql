-- task_list_long: as task_list, for pages that would be too much to send
-- kind: read
-- $1 boolean   only those completed, or only those not; null for all
-- $2 bigint   most rows to return       $3 bigint   rows to leave out before
-- $4 bigint   bytes of text behind which there are no more rows
-- columns: the task       rows: 0..$2
select id, uuid, user_id, title, description, completed, created_at, updated_at, version
from (
    select *, sum(octet_length(title) + coalesce(octet_length(description), 0))
        over (order by created_at desc, id desc rows unbounded preceding) as bytes
    from (
        select *
        from gatepost.task
        where user_id = current_setting('gatepost.user_id')
            and ($1::boolean is null or completed = $1)
        order by created_at desc, id desc
        limit $2 offset $3
    ) as page
) as measured
where bytes - octet_length(title) - coalesce(octet_length(description), 0) < $4
order by created_at desc, id desc
