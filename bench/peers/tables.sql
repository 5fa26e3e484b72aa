-- SPDX-License-Identifier: Apache-2.0
--
-- The table that the peers work on, with gatepost's rows as they are now: same columns, constraints and indexes, but
-- no row-level security and no triggers, as the peers have neither isolation in the database nor live notifications.
-- Run by the owner of gatepost's tables, before each round that shall find the same rows again.

set client_min_messages = warning;
-- The owner, too, sees no task without having said why: see task_existence in sql/002_task.sql.
set gatepost.existence = 'on';

drop table if exists public.peer_task;
create table public.peer_task (
    like gatepost.task including defaults including identity including constraints including indexes including storage
);
insert into public.peer_task overriding system value
select * from gatepost.task order by id;
select setval(pg_get_serial_sequence('public.peer_task', 'id'), greatest(max(id), 1)) from public.peer_task;
vacuum analyze public.peer_task;
