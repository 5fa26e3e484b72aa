-- 002_task: the tasks, and who may see which
--
-- The worker names its caller in gatepost.user_id for one transaction. Unset it is NULL, after a
-- transaction an empty string; no task has such an owner, so an unnamed caller sees nothing.

create table gatepost.task (
    id bigint generated always as identity,
    uuid uuid not null default gen_random_uuid(),
    user_id text not null,
    title text not null,
    description text,
    completed boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint task_user_id_named check (user_id <> ''),
    -- Leads with the owner, so that the table can be partitioned or distributed by user, and goes on
    -- in the order in which a list is read: one index serves both.
    constraint task_pkey primary key (user_id, created_at, id)
);

comment on table gatepost.task is 'One task of one user; user_id is the id of a Better Auth user, who may live in another database.';

-- One row has two names: id in some dialects, uuid in others. Not unique, because a unique index
-- would have to lead with the owner; identity and 122 random bits keep them apart.
create index task_id on gatepost.task (id);
create index task_uuid on gatepost.task (uuid);

alter table gatepost.task enable row level security;
alter table gatepost.task force row level security;

-- A caller sees, makes, changes and removes their own tasks and no others.
create policy task_owner on gatepost.task
    using (user_id = current_setting('gatepost.user_id', true))
    with check (user_id = current_setting('gatepost.user_id', true));

-- Inside the function below, and nowhere else, the owner of the table may look for a row of anybody.
create policy task_existence on gatepost.task for select to current_user
    using (current_setting('gatepost.existence', true) = 'on');

-- Whether the task exists and is somebody else's: 403 rather than 404. Says nothing more.
-- (A SET clause would be plainer, but only superusers may put a parameter of ours into one.)
create function gatepost.task_is_foreign(wanted uuid) returns boolean
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
        declare
            found_foreign boolean;
        begin
            perform set_config('gatepost.existence', 'on', true);
            found_foreign := exists (
                select from gatepost.task
                where uuid = wanted and user_id <> current_setting('gatepost.user_id'));
            perform set_config('gatepost.existence', '', true);
            return found_foreign;
        end
    $$;
revoke all on function gatepost.task_is_foreign(uuid) from public;
