#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Isolation as the database itself keeps it: the statements of sql/query run without their WHERE on the
# owner, as gatepost_api and as the owner of the tables, and still reach nobody else's rows.
#
# usage: tests/sql/isolation.sh [DIR/env]
# Takes OWNER_DATABASE_URL and DATABASE_URL from the settings file, else from the environment. Leaves
# nothing behind.

set -u
export LC_ALL=C.UTF-8
tests=$(cd "$(dirname "$0")/.." && pwd)
queries=$tests/../sql/query
# shellcheck source=tests/support/report.sh
. "$tests/support/report.sh"
if [ $# -gt 0 ]; then
	[ -r "$1" ] || give_up "cannot read $1"
	OWNER_DATABASE_URL=$(setting "$1" OWNER_DATABASE_URL)
	DATABASE_URL=$(setting "$1" DATABASE_URL)
fi
[ -n "${OWNER_DATABASE_URL:-}" ] && [ -n "${DATABASE_URL:-}" ] || give_up "set OWNER_DATABASE_URL and DATABASE_URL"
for name in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do unset "$name"; done

alice=alice-$$-$(date +%s)
bob=bob-$$-$(date +%s)
# A task that nobody has, by each of its names; `key` is the one in use.
absent_uuid=00000000-0000-4000-8000-000000000000
absent_id=9223372036854775807
key=uuid

run() { # SQL, as the role under test; errors are five characters
	printf '%s\n' "$1" | psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$url" 2>&1
}

as_caller() { # USER SQL: in one transaction
	run "begin;
		select set_config('gatepost.user_id', '$1', true) as caller \\gset
		$2
		commit;"
}

refused() { # NAME SQLSTATE SQL
	given=$(run "begin; $3 ; commit;")
	case $given in
	*"ERROR:  $2"*) ok "$1" ;;
	*) not_ok "$1" "expected ERROR $2, given: $given" ;;
	esac
}

refused_to() { # USER NAME SQLSTATE SQL
	refused "$2" "$3" "select set_config('gatepost.user_id', '$1', true) as caller \\gset
		$4"
}

rows_of() { # USER: everything that the user's own eyes see
	as_caller "$1" "select uuid, user_id, title, description, completed, updated_at from gatepost.task order by uuid;"
}

key_of() { # USER TITLE
	as_caller "$1" "select $key from gatepost.task where title = '$2';"
}

absent() {
	case $key in
	uuid) echo $absent_uuid ;;
	id) echo $absent_id ;;
	esac
}

key_type() {
	case $key in
	uuid) echo uuid ;;
	id) echo bigint ;;
	esac
}

uses_key() { # FILE
	grep -q '^-- by: uuid id$' "$1"
}

# --- statements without their owner ---

owner_condition="user_id = current_setting('gatepost.user_id')"

without_owner() { # FILE: as prepared statement `variant`; fails where there is nothing to take away
	sed -e "s/{key}/$key/g" \
		-e "s/ and t\\.$owner_condition//" \
		-e "s/ and $owner_condition//" \
		-e "s/^ *where $owner_condition\$/where true/" \
		-e "s/^select current_setting('gatepost.user_id'), /select '$bob', /" \
		-e "s/^where current_setting('gatepost.user_id') <> '' .*//" "$1" >"$work/variant"
	if sed "s/{key}/$key/g" "$1" | cmp -s - "$work/variant" || grep -v '^--' "$work/variant" | grep -q 'user_id *=\|gatepost\.user_id'; then
		return 1
	fi
	echo 'prepare variant as'
	cat "$work/variant"
	echo ';'
}

without_condition() { # FILE: neither owner nor task
	sed -e "s/{key}/$key/g" -e "s/where $key = \$1 and $owner_condition/where \$1::$(key_type) is not null/" "$1" >"$work/variant"
	if sed "s/{key}/$key/g" "$1" | cmp -s - "$work/variant"; then return 1; fi
	echo 'prepare variant as'
	cat "$work/variant"
	echo ';'
}

arguments() { # STATEMENT TASK [VERSIONS]
	versions=${3:-null}
	case $1 in
	task_list) echo "null, 1000, 0" ;;
	task_list_long) echo "null, 1000, 0, 1000000" ;;
	task_get) echo "'$2'" ;;
	task_delete | task_toggle) echo "'$2', $versions" ;;
	task_update) echo "'$2', $versions, 'taken', true, 'taken', true" ;;
	task_create) echo "'given away', null, null" ;;
	*) return 1 ;;
	esac
}

make_rows() {
	for user in "$alice" "$bob"; do
		as_caller "$user" "insert into gatepost.task (user_id, title) values ('$user', 'first'), ('$user', 'second');"
	done
}

remove_rows() {
	for user in "$alice" "$bob"; do as_caller "$user" "delete from gatepost.task where user_id = '$user';"; done >/dev/null
}

judge_list() { # STATEMENT VARIANT
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$(absent)"));" | cut -d '|' -f 3 | sort | uniq -c | tr -s ' ')
	equals "$role: $1 without its owner lists the caller's own rows only" " 2 $alice" "$given"
}

judge_one() { # STATEMENT VARIANT: a statement for one task
	foreign=$(key_of "$bob" first)
	before=$(rows_of "$bob")
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$foreign"));")
	equals "$role: $1 without its owner tells of a foreign row that it is foreign" "|||||||||t|f" "$given"
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$(absent)"));")
	equals "$role: $1 without its owner tells of an absent row that it is not foreign" "|||||||||f|f" "$given"
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$(key_of "$alice" second)"));")
	contains "$role: $1 without its owner finds the caller's own row" "$given" "|$alice|"
	equals "$role: $1 without its owner changes no foreign row" "$before" "$(rows_of "$bob")"
}

# A statement that is told which versions a task may have.
judge_versions() { # STATEMENT VARIANT
	before=$(rows_of "$alice")
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$(key_of "$bob" first)" "'{1}'"));")
	equals "$role: $1 without its owner says nothing of a foreign row's version" "|||||||||t|f" "$given"
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$(key_of "$alice" first)" "'{}'"));")
	equals "$role: $1 tells of another version" "|||||||||f|t" "$given"
	equals "$role: $1 changes no other version" "$before" "$(rows_of "$alice")"
}

judge_unconditional() { # STATEMENT VARIANT
	before=$(rows_of "$bob")
	given=$(as_caller "$alice" "$2 execute variant($(arguments "$1" "$(absent)"));" | cut -d '|' -f 3 | sort -u)
	equals "$role: $1 without any condition touches the caller's own rows only" "$alice" "$given"
	equals "$role: $1 without any condition changes no foreign row" "$before" "$(rows_of "$bob")"
}

number_of() { # USER
	as_caller "$1" "select id from gatepost.task where title = 'first';"
}

# It names the owners itself, one after the other: what it does, without its own word for the owner.
judge_states() { # FILE
	remove_rows
	make_rows
	own=$(number_of "$alice") foreign=$(number_of "$bob")
	wanted="[[\"$alice\",$own],[\"$alice\",$foreign],[\"$bob\",$own],[\"\",$foreign],[null,$foreign]]"
	given=$(as_caller "$alice" "select replace(prosrc, 't.user_id = one_user and ', '') as body, prosrc like '%t.user_id = one_user and %' as known
			from pg_proc where oid = 'gatepost.tasks_as_they_stand(jsonb)'::regprocedure \\gset
		select :'known';
		create function pg_temp.variant(wanted jsonb) returns setof gatepost.task language plpgsql as :'body';
		select user_id || ' ' || id from pg_temp.variant('$wanted');
		select count(*) from gatepost.task;")
	equals "$role: $statement without its owner finds a task for its owner only, and leaves nobody named" "t
$alice $own
0" "$given"
	if [ "$judged" = owner ]; then
		equals "$role: $statement, too" "$own" "$(run "prepare states as
			$(cat "$1");
			execute states('$wanted');" | cut -d '|' -f 1)"
	else
		refused "$role: $statement is not for it" 42501 "prepare states as
			$(cat "$1");
			execute states('$wanted');"
	fi
}

judge_statement() { # FILE
	statement=$(basename "$1" .sql)
	if uses_key "$1"; then role="$judged by $key"; else role=$judged; fi
	if [ "$statement" = task_states ]; then
		judge_states "$1"
		return
	fi
	if ! variant=$(without_owner "$1"); then
		not_ok "$role: $statement can be run without its owner" "this script does not know how to take the owner out of $1"
		return
	fi
	if ! arguments "$statement" "$(absent)" >/dev/null; then
		not_ok "$role: $statement can be run without its owner" "this script knows no arguments for it"
		return
	fi
	remove_rows
	make_rows
	case $statement in
	task_create)
		refused_to "$alice" "$role: task_create for somebody else is refused" 42501 \
			"$variant execute variant($(arguments task_create "$(absent)"));" ;;
	task_list | task_list_long) judge_list "$statement" "$variant" ;;
	*) judge_one "$statement" "$variant" ;;
	esac
	case $statement in
	task_update | task_toggle | task_delete)
		remove_rows
		make_rows
		judge_versions "$statement" "$variant"
		if variant=$(without_condition "$1"); then
			judge_unconditional "$statement" "$variant"
		else
			not_ok "$role: $statement can be run without any condition" "this script does not know its WHERE"
		fi ;;
	esac
}

# One session serves many callers: a plan made for one of them must not be another's.
judge_shared_plan() {
	variant=$(without_owner "$queries/task_list.sql") || return
	remove_rows
	make_rows
	given=$(run "$variant
		begin;
		select set_config('gatepost.user_id', '$alice', true) as caller \\gset
		execute variant(null, 1000, 0);
		commit;
		begin;
		select set_config('gatepost.user_id', '$bob', true) as caller \\gset
		execute variant(null, 1000, 0);
		commit;
		execute variant(null, 1000, 0);" | cut -d '|' -f 3 | uniq -c | tr -s ' \n' ' ')
	equals "$role: one prepared statement serves two callers, each with their own rows" " 2 $alice 2 $bob " "$given"
}

# Whichever statement changes a row: an old worker, or somebody at a prompt.
judge_version_counts() {
	remove_rows
	make_rows
	equals "$role: every change of a row counts its version on, and only that row's" "3 1" "$(as_caller "$alice" "
		update gatepost.task set title = 'third' where title = 'first';
		update gatepost.task set version = 1 where title = 'third';
		select version from gatepost.task order by version desc;" | tr '\n' ' ' | sed 's/ $//')"
}

# --- no caller, false callers ---

judge_unnamed_caller() {
	count="select count(*) from gatepost.task;"
	equals "$role: without a caller there are no rows" 0 "$(run "$count")"
	equals "$role: the empty caller has no rows" 0 "$(as_caller '' "$count")"
	equals "$role: after a transaction its caller has no rows" 0 "$(run "
		begin;
		select set_config('gatepost.user_id', '$alice', true) as caller \\gset
		commit;
		$count")"
	equals "$role: without a caller nothing is changed" 0 "$(run "
		with changed as (update gatepost.task set title = 'taken' returning 1) select count(*) from changed;")"
	equals "$role: without a caller nothing is deleted" 0 "$(run "
		with removed as (delete from gatepost.task returning 1) select count(*) from removed;")"
	refused "$role: without a caller nothing is inserted" 42501 \
		"insert into gatepost.task (user_id, title) values ('$alice', 'x')"
	refused_to '' "$role: the empty caller inserts nothing" 23514 \
		"insert into gatepost.task (user_id, title) values ('', 'x');"
}

judge_false_owner() {
	refused_to "$alice" "$role: a row for another user is refused" 42501 \
		"insert into gatepost.task (user_id, title) values ('$bob', 'x');"
	refused_to "$alice" "$role: a row given to another user is refused" 42501 \
		"update gatepost.task set user_id = '$bob';"
	refused_to "$alice" "$role: a row without an owner is refused" 42501 \
		"insert into gatepost.task (user_id, title) values (null, 'x');"
	refused_to "$alice" "$role: row-level security cannot be switched off for a query" 42501 \
		"set local row_security = off; select * from gatepost.task;"
	equals "$role: a foreign row cannot be locked" 0 "$(as_caller "$alice" \
		"select count(*) from (select from gatepost.task where user_id = '$bob' for update) as locked;")"
}

# --- what may be known of others ---

judge_existence() {
	type=$(key_type) role="$judged by $key"
	remove_rows
	make_rows
	foreign=$(key_of "$bob" first)
	equals "$role: a foreign task exists" t "$(as_caller "$alice" "select gatepost.task_is_foreign('$foreign'::$type);")"
	equals "$role: an own task is not foreign" f "$(as_caller "$alice" "select gatepost.task_is_foreign('$(key_of "$alice" first)'::$type);")"
	equals "$role: an absent task is not foreign" f "$(as_caller "$alice" "select gatepost.task_is_foreign('$(absent)'::$type);")"
	equals "$role: the question leaves no door open" "t||2" "$(as_caller "$alice" "
		select gatepost.task_is_foreign('$foreign'::$type) as asked \\gset
		select :'asked', current_setting('gatepost.existence', true), (select count(*) from gatepost.task);")"
	equals "$role: a question that fails leaves no door open" "shut" "$(printf '%s\n' "begin; savepoint before;
		select gatepost.task_is_foreign('$foreign'::$type);
		rollback to before;
		select coalesce(nullif(current_setting('gatepost.existence', true), ''), 'shut');" | psql -X -q -A -t "$url" 2>/dev/null)"
	equals "$role: the function is a definer's with a fixed search_path, and not for everybody" "t|f" "$(run "
		select prosecdef and proconfig::text like '%search_path=pg_catalog, pg_temp%',
		    exists (select from aclexplode(proacl) where grantee = 0)
		from pg_proc where oid = 'gatepost.task_is_foreign($type)'::regprocedure;")"
}

judge_binding() {
	equals "$role: it is bound by row-level security" "t|f" "$(run "
		select row_security_active('gatepost.task'), rolsuper or rolbypassrls from pg_roles where rolname = current_user;")"
	# What is noted for the notifier is its owner's alone, and has nothing of a task but its numbers.
	equals "$role: every table with an owner has forced row-level security, or is granted to nobody" "" "$(run "
		select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'gatepost'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'user_id'
		    and not (c.relrowsecurity and c.relforcerowsecurity)
		    and not (c.relname = 'change' and not exists (
		        select from pg_attribute b left join aclexplode(c.relacl) as acl on true left join aclexplode(b.attacl) as own on true
		        where b.attrelid = c.oid and (acl.grantee <> c.relowner or own.grantee <> c.relowner)));")"
}

judge_role() { # NAME URL
	judged=$1 role=$1 url=$2
	given=$(run "select 1;")
	if [ "$given" != 1 ]; then
		not_ok "$role: the database answers" "$given"
		return
	fi
	judge_binding
	for key in uuid id; do
		for file in "$queries"/task_*.sql; do
			if [ $key = uuid ] || uses_key "$file"; then judge_statement "$file"; fi
		done
	done
	role=$judged key=uuid
	judge_shared_plan
	judge_version_counts
	judge_unnamed_caller
	judge_false_owner
	for key in uuid id; do judge_existence; done
	key=uuid
	remove_rows
}

# --- what gatepost_api and gatepost_notify may not do at all ---

judge_api_rights() {
	role=gatepost_api url=$DATABASE_URL
	equals "gatepost_api: it is the role of DATABASE_URL" gatepost_api "$(run "select current_user;")"
	for table in '"user"' session account verification jwks; do
		refused "gatepost_api: it cannot read public.$table" 42501 "select * from public.$table"
		refused "gatepost_api: it cannot read a column of public.$table" 42501 "select id from public.$table"
		refused "gatepost_api: it cannot write public.$table" 42501 "delete from public.$table"
	done
	refused "gatepost_api: it cannot read the migrations" 42501 "select * from gatepost.migration"
	refused "gatepost_api: it cannot turn row-level security off" 42501 "alter table gatepost.task disable row level security"
	refused "gatepost_api: it cannot stop forcing it" 42501 "alter table gatepost.task no force row level security"
	refused "gatepost_api: it cannot drop a policy" 42501 "drop policy task_owner on gatepost.task"
	refused "gatepost_api: it cannot make a policy" 42501 "create policy mine on gatepost.task using (true)"
	refused "gatepost_api: it cannot truncate, which no policy binds" 42501 "truncate gatepost.task"
	refused "gatepost_api: it cannot alter the table" 42501 "alter table gatepost.task add column x text"
	refused "gatepost_api: it cannot drop the table" 42501 "drop table gatepost.task"
	refused "gatepost_api: it cannot make a trigger" 42501 \
		"create trigger mine before insert on gatepost.task execute function suppress_redundant_updates_trigger()"
	refused "gatepost_api: it cannot make a table in the schema" 42501 "create table gatepost.mine (x text)"
	for type in uuid bigint; do
		refused "gatepost_api: it cannot replace the definer's function of $type" 42501 \
			"create or replace function gatepost.task_is_foreign(wanted $type) returns boolean language sql as 'select true'"
	done
	refused "gatepost_api: it cannot become the owner" 42501 \
		"set role $(owner_name)"
	refused "gatepost_api: it cannot let itself bypass policies" 42501 "alter role gatepost_api bypassrls"
	refused "gatepost_api: it cannot make roles" 42501 "create role mine"
	refused "gatepost_api: it cannot read files" 42501 "copy gatepost.task from '/etc/passwd'"
	refused "gatepost_api: it cannot run programs" 42501 "copy gatepost.task (title) to program 'true'"
	remove_rows
	make_rows
	equals "gatepost_api: the door of the existence function does not open for it" 2 "$(as_caller "$alice" "
		select set_config('gatepost.existence', 'on', true) as opened \\gset
		select count(*) from gatepost.task;")"
	remove_rows
}

owner_name() {
	psql -X -q -A -t "$OWNER_DATABASE_URL" -c "select quote_ident(current_user)"
}

judge_notify_rights() {
	url=$OWNER_DATABASE_URL
	equals "gatepost_notify: it has no right to write tasks" f "$(run "
		select has_table_privilege('gatepost_notify', 'gatepost.task', 'insert, update, delete, truncate, references, trigger')
		    or has_any_column_privilege('gatepost_notify', 'gatepost.task', 'insert, update, references');")"
	equals "gatepost_notify: it has no right to what is Better Auth's" f "$(run "
		select bool_or(has_table_privilege('gatepost_notify', relation, 'select, insert, update, delete'))
		from unnest(array['public.\"user\"', 'public.session', 'public.account', 'public.verification', 'public.jwks']) as relation;")"
	for deed in "insert into gatepost.task (user_id, title) values ('$alice', 'x')" \
		"update gatepost.task set title = 'x'" "delete from gatepost.task" "truncate gatepost.task"; do
		refused "gatepost_notify: it cannot ${deed%% *}" 42501 \
			"grant gatepost_notify to current_user; set local role gatepost_notify; $deed"
	done
}

work=$(mktemp -d) || give_up "no directory for temporary files"
url=$OWNER_DATABASE_URL
trap 'remove_rows; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

judge_role owner "$OWNER_DATABASE_URL"
if [ "$DATABASE_URL" != "$OWNER_DATABASE_URL" ]; then
	judge_role gatepost_api "$DATABASE_URL"
	judge_api_rights
	judge_notify_rights
fi
url=$OWNER_DATABASE_URL
finish
