-- 004_dialects: what APIs with numbered tasks and conditional requests need

-- Counts a task's changes, whoever makes them: a client that says which version it read cannot undo
-- somebody's later change.
alter table gatepost.task add column version bigint not null default 1;

create function gatepost.count_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
        begin
            new.version := old.version + 1;
            return new;
        end
    $$;
revoke all on function gatepost.count_change() from public;
create trigger task_version before update on gatepost.task
    for each row execute function gatepost.count_change();

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
