-- 005_changes: what changes, on its way to the notifier
--
-- A NOTIFY with every change would be simple, and dear: it takes a lock that all databases share and holds it
-- until the change is on the disk, so that writers commit one after the other. A change is noted in a table
-- instead; one of the notifiers, the relay, moves what is noted there and sends one NOTIFY for all of it.
--
-- Three advisory locks say how things stand. Their first number stands for gatepost, the second is
--   1   held by the relay, and wanted by every other notifier
--   2   held while there is a relay: without one nothing is noted, so the table cannot grow
--   3   held while the relay is awake and looks every few milliseconds; while it sleeps, whoever notes a
--       change rings
-- Writers only ask whether 2 and 3 are held, by taking and giving them back in one step.

-- What has not been told yet. Lost in a crash, after which every notifier has its clients read everything anew.
create unlogged table gatepost.change (
    seq bigint generated always as identity, -- of changes to one row the order in which they happened
    transaction xid8 not null,
    kind "char" not null, -- c created, u updated, f finished (completed), d deleted
    -- Whatever a change may be refused for, it is not for these.
    id bigint,
    uuid uuid,
    user_id text
);
-- The relay looks at what is new, whatever of the old vacuum has not cleaned up.
create index change_transaction on gatepost.change (transaction);
alter table gatepost.change set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, vacuum_truncate = off);

-- Notes a change in the step before it is made, with the row already locked. Every writer pays for this
-- function: it names the schema of everything in place of a search_path of its own, which would cost more.
-- Of types, too: whoever writes may have made one of that name, with a check that would run as the owner. And
-- each expression is set up anew in every transaction, hence so few on the way of a new task.
create function gatepost.note_change() returns trigger
    language plpgsql security definer
    as $$
        declare
            what pg_catalog."char";
        begin
            -- The transaction has its number before the locks are asked: the relay, when it takes or gives back a
            -- lock, waits for all that had a number by then, and who got one later sees what it did.
            if (case when pg_catalog.pg_current_xact_id() is null then null
                     when pg_catalog.pg_try_advisory_lock_shared(1196445268, 3)
                     then pg_catalog.pg_advisory_unlock_shared(1196445268, 3) else false end) then
                if (case when pg_catalog.pg_try_advisory_lock_shared(1196445268, 2)
                         then pg_catalog.pg_advisory_unlock_shared(1196445268, 2) else false end) then
                    if tg_op operator(pg_catalog.=) 'DELETE' then
                        return old;
                    end if;
                    return new; -- nobody wants to know
                end if;
                perform pg_catalog.pg_notify('gatepost_change', '');
            end if;
            if tg_op operator(pg_catalog.=) 'INSERT' then
                insert into gatepost.change (transaction, kind, id, uuid, user_id)
                values (pg_catalog.pg_current_xact_id(), 'c', new.id, new.uuid, new.user_id);
                return new;
            elsif tg_op operator(pg_catalog.=) 'DELETE' then
                insert into gatepost.change (transaction, kind, id, uuid, user_id)
                values (pg_catalog.pg_current_xact_id(), 'd', old.id, old.uuid, old.user_id);
                return old;
            elsif new.user_id operator(pg_catalog.=) old.user_id then
                what := case when new.completed and not old.completed then 'f' else 'u' end;
                insert into gatepost.change (transaction, kind, id, uuid, user_id)
                values (pg_catalog.pg_current_xact_id(), what, new.id, new.uuid, new.user_id);
            else -- given to somebody else
                insert into gatepost.change (transaction, kind, id, uuid, user_id)
                values (pg_catalog.pg_current_xact_id(), 'd', old.id, old.uuid, old.user_id),
                    (pg_catalog.pg_current_xact_id(), 'c', new.id, new.uuid, new.user_id);
            end if;
            return new;
        end
    $$;
revoke all on function gatepost.note_change() from public;
create trigger task_change before insert or update or delete on gatepost.task
    for each row execute function gatepost.note_change();

-- Become the relay, if there is none. `horizon` is the number of the first transaction that cannot have
-- overlooked us; those before it, while they last, may change what is told to nobody. `is_alone`: there is none.
create function gatepost.relay_begin(out elected boolean, out horizon xid8, out is_alone boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
        begin
            elected := pg_try_advisory_lock(1196445268, 1);
            if elected then
                -- Writers hold these for no longer than it takes to ask.
                perform pg_advisory_lock(1196445268, 3);
                perform pg_advisory_lock(1196445268, 2);
                -- Should our machine go without a word, the server has to notice before another can take over.
                perform set_config('tcp_keepalives_idle', '5', false);
                perform set_config('tcp_keepalives_interval', '5', false);
                perform set_config('tcp_keepalives_count', '2', false);
                perform set_config('tcp_user_timeout', '15000', false);
                -- Of our own: a snapshot's end may be the number of one that is under way.
                horizon := pg_current_xact_id();
                is_alone := pg_snapshot_xmin(pg_current_snapshot()) = horizon;
                -- What another relay has left is part of what is read anew; of a flood the turns get rid.
                delete from gatepost.change where ctid = any(array(select ctid from gatepost.change limit 50000));
                perform pg_notify('gatepost_change', 'resync');
            end if;
        end
    $$;

-- Tell every notifier what has been noted, in lines of kind, id, uuid and user: one notification for all,
-- or as few as its length allows (8,000 bytes). A first line with a number keeps apart what would else be
-- the same text twice, which PostgreSQL tells once. Those of transactions before `since` have been told.
-- `oldest` is for the next time: the first transaction that was still open.
--
-- One statement may change a million tasks, more than can be told before a statement's time is up; and a turn
-- that fails finds them all again. Of a flood nothing is told: it is thrown away in pieces, one in each turn,
-- and when it is over the relay has everybody read anew.
create function gatepost.relay_turn(since xid8, wakes boolean, out moved bigint, out oldest xid8, out floods boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
        begin
            if wakes then
                perform pg_advisory_lock(1196445268, 3);
            end if;
            -- A notification needs no disk, and nobody should wait for ours.
            perform set_config('synchronous_commit', 'off', true);
            floods := exists (select from gatepost.change where transaction >= since offset 50000);
            if floods then
                oldest := since; -- there is more of it
                with thrown as (
                    delete from gatepost.change
                    where ctid = any(array(select ctid from gatepost.change where transaction >= since limit 50000))
                    returning seq
                )
                select count(*) into moved from thrown;
                return;
            end if;
            oldest := pg_snapshot_xmin(pg_current_snapshot());
            with taken as (
                delete from gatepost.change where transaction >= since
                returning seq, kind, id, uuid, user_id
            ), numbered as (
                select seq, concat_ws(' ', kind, id, uuid, user_id) as line,
                       sum(octet_length(user_id) + 64) over (order by seq) / 7600 as part
                from taken
                -- No caller has such an id.
                where octet_length(user_id) <= 255 and position(E'\n' in user_id) = 0
            ), told as (
                select pg_notify('gatepost_change', concat(min(seq), E'\n', string_agg(line, E'\n' order by seq))), count(*) as lines
                from numbered
                group by part
                order by part
            )
            select coalesce(sum(lines), 0) into moved from told;
        end
    $$;

-- Go to sleep: from now on whoever notes a change rings. Transactions before `horizon` may not have noticed.
create function gatepost.relay_rest(out horizon xid8)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
        begin
            perform pg_advisory_unlock(1196445268, 3);
            horizon := pg_current_xact_id();
        end
    $$;

-- Tasks as they stand, by pairs of user and number, [["user",1],["user",2]]: each user's are looked for as
-- that user, so that row-level security stands between them and everybody else's.
create function gatepost.tasks_as_they_stand(wanted jsonb) returns setof gatepost.task
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    -- The plan is kept, and may have been made while the table was new and empty.
    set enable_seqscan = off
    as $$
        declare
            one_user text;
            ids bigint[];
        begin
            for one_user, ids in
                select pair ->> 0, array_agg(distinct (pair ->> 1)::bigint)
                from jsonb_array_elements(wanted) as pair
                group by 1
            loop
                perform set_config('gatepost.user_id', one_user, true);
                return query select * from gatepost.task as t where t.user_id = one_user and t.id = any(ids);
            end loop;
            perform set_config('gatepost.user_id', '', true);
        end
    $$;
revoke all on function gatepost.relay_begin(), gatepost.relay_turn(xid8, boolean), gatepost.relay_rest(),
    gatepost.tasks_as_they_stand(jsonb) from public;
