-- 004_dialects: what APIs with numbered tasks and conditional requests need

-- Counts a task's changes. A client that says which version it read cannot undo somebody's later change.
alter table gatepost.task add column version bigint not null default 1;

-- The sibling of task_is_foreign(uuid), for the dialects that call a task by its number.
create function gatepost.task_is_foreign(wanted bigint) returns boolean
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
        declare
            found_foreign boolean;
        begin
            perform set_config('gatepost.existence', 'on', true);
            found_foreign := exists (
                select from gatepost.task
                where id = wanted and user_id <> current_setting('gatepost.user_id'));
            perform set_config('gatepost.existence', '', true);
            return found_foreign;
        end
    $$;
revoke all on function gatepost.task_is_foreign(bigint) from public;
