/* SPDX-License-Identifier: Apache-2.0 */
/* Which line decides about a path, whom it lets in, and what is refused in a file of rules. */
#include "access_rules.h"

#include <json-c/json.h>
#include <string.h>

#include "unit.h"

static char problem[256];

static struct gp_access_rules *
read_rules(const char *text)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct gp_access_rules *rules;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	rules = gp_access_rules_read(file, problem, sizeof(problem));
	fclose(file);
	return rules;
}

static const char site[] = "# METHODS PATH WHO\n"
			   "\n"
			   "*           /                signed-in\n"
			   "GET,HEAD    /assets/         public   # pictures\n"
			   "*           /admin           user=u1 email=ann@example.com\n"
			   "GET         /admin/help      public\n"
			   "*           /home/{user_id}  signed-in\n"
			   "GET         /home/shared     signed-in\n"
			   "GET         /wiki            signed-in\n"
			   "PUT,DELETE  /wiki            claim:role=editor\r\n"
			   "GET         /hello.php$      public\n"
			   "GET         /$               public\n"
			   "*           /My%20Files      user=u2\n"
			   "*           /Notes           signed-in\n"
			   "*           /notes           user=u3\n"
			   "*           /reports         email-domain=example.com";

static void
the_longest_path_decides(void)
{
	static const struct {
		const char *method, *path;
		enum gp_outcome outcome;
		const char *rule;
		const char *user_id;
	} rows[] = {
		{ "GET", "/x", GP_OK, "", NULL },
		{ "GET", "/", GP_OK, "/", NULL },
		{ "POST", "/", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "GET", "/assets", GP_OK, "/assets", NULL },
		{ "GET", "/assets/", GP_OK, "/assets", NULL },
		{ "GET", "/assets/a/b.png", GP_OK, "/assets", NULL },
		{ "GET", "/assetsx", GP_OK, "", NULL },
		{ "POST", "/assets/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "get", "/assets/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "GET,HEAD", "/assets/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ ",", "/assets/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "", "/assets/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "ET", "/assets/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "HEAD", "/assets/a", GP_OK, "/assets", NULL },
		{ "PROPFIND", "/admin/x", GP_OK, "/admin", NULL },
		{ "", "/admin/x", GP_OK, "/admin", NULL },
		{ "GET", "/admin/help/1", GP_OK, "/admin/help", NULL },
		{ "GET", "/admin/helpx", GP_OK, "/admin", NULL },
		{ "GET", "/ADMIN", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/Admin/x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/admin/HELP", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/w\xc4\xb1ki/a", GP_OK, "", NULL },
		{ "GET", "/wi\xe2\x84\xaai/a", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET",
		    "/as\xc5\xbf"
		    "ets",
		    GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET",
		    "/\xef\xbd\x81"
		    "dmin",
		    GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET",
		    "/admi\xc2\xad"
		    "n",
		    GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/admi\xcc\x8an", GP_OK, "", NULL },
		{ "GET", "/admin;x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/admin?x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/admin#/x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/what?/x", GP_OK, "", NULL },
		{ "GET", "/admin;/x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/;x/admin", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/admin./x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/admin /x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/files;x/y. ", GP_OK, "", NULL },
		{ "GET", "/home/u1/a", GP_OK, "/home/{user_id}", "u1" },
		{ "GET", "/home/u1;x/a", GP_OK, "/home/{user_id}", "u1;x" },
		{ "GET", "/home", GP_OK, "", NULL },
		{ "GET", "/home/shared/a", GP_OK, "/home/shared", NULL },
		{ "PUT", "/home/shared/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "GET", "/home/Shared/a", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/wiki/a", GP_OK, "/wiki", NULL },
		{ "PUT", "/wiki/a", GP_OK, "/wiki", NULL },
		{ "POST", "/wiki/a", GP_DENY_RULE_METHOD, NULL, NULL },
		{ "GET", "/hello.php", GP_OK, "/hello.php", NULL },
		{ "GET", "/hello.php/", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/HELLO.php", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/hello.php/x", GP_OK, "", NULL },
		{ "GET", "/hello.php/admin", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/index.php/admin/x", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/index.php/ADMIN", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/index.php/assets/a", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/index.php/home/u2/a", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/index.php/", GP_OK, "", NULL },
		{ "GET", "/index.php", GP_OK, "", NULL },
		{ "GET", "/x/index.php/admin", GP_OK, "", NULL },
		{ "GET", "/home/index.php/u2", GP_OK, "/home/{user_id}", "index.php" },
		{ "GET", "/.known/admin", GP_OK, "", NULL },
		{ "GET", "/admin/v1.2/x", GP_OK, "/admin", NULL },
		{ "GET", "/admin/x.php/help", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/home/ann@example.com/a/b", GP_OK, "/home/{user_id}", "ann@example.com" },
		{ "GET", "/home/shared/x.y/a", GP_OK, "/home/shared", NULL },
		{ "GET", "/My Files/a", GP_OK, "/My Files", NULL },
		{ "GET", "/my files/a", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
		{ "GET", "/notes/a", GP_OK, "/notes", NULL },
		{ "GET", "/Notes/a", GP_OK, "/Notes", NULL },
		{ "GET", "/NOTES/a", GP_DENY_RULE_LOOKALIKE, NULL, NULL },
	};
	struct gp_access_rules *rules = read_rules(site);

	CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_access_rule *rule = NULL;
		struct gp_path_value user_id = { .text = NULL };
		enum gp_outcome outcome;

		gp_test_row("%s %s", rows[i].method, rows[i].path);
		outcome =
		    gp_access_rules_find(rules, rows[i].method, rows[i].path, &rule, &user_id);
		CU_ASSERT_EQUAL(outcome, rows[i].outcome);
		if (outcome != GP_OK || rows[i].rule == NULL)
			continue;
		CU_ASSERT_STRING_EQUAL(rule->path, rows[i].rule);
		CU_ASSERT_EQUAL(user_id.text != NULL, rows[i].user_id != NULL);
		if (user_id.text != NULL && rows[i].user_id != NULL) {
			CU_ASSERT_EQUAL(user_id.length, strlen(rows[i].user_id));
			CU_ASSERT(memcmp(user_id.text, rows[i].user_id, user_id.length) == 0);
			CU_ASSERT(strncmp(user_id.name, "user_id", user_id.name_length) == 0);
		}
	}
	gp_access_rules_free(rules);
}

static void
what_is_behind_a_script_can_have_a_rule(void)
{
	struct gp_access_rules *rules = read_rules("* / signed-in\n"
						   "* /index.php public\n"
						   "* /index.php/users user=u1\n"
						   "* /app/admin user=u2\n"
						   "* /users user=u1\n");
	const struct gp_access_rule *rule;
	struct gp_path_value user_id;

	CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
	CU_ASSERT_EQUAL(
	    gp_access_rules_find(rules, "GET", "/index.php/users/1", &rule, &user_id), GP_OK);
	CU_ASSERT_STRING_EQUAL(rule->path, "/index.php/users");
	CU_ASSERT_EQUAL(gp_access_rules_find(rules, "GET", "/index.php/x", &rule, &user_id), GP_OK);
	CU_ASSERT_STRING_EQUAL(rule->path, "/index.php");
	CU_ASSERT_EQUAL(gp_access_rules_find(rules, "GET", "/index.php/app/admin", &rule, &user_id),
	    GP_DENY_RULE_LOOKALIKE);
	CU_ASSERT_EQUAL(
	    gp_access_rules_find(rules, "GET", "/app/index.php/admin/x", &rule, &user_id),
	    GP_DENY_RULE_LOOKALIKE);
	gp_access_rules_free(rules);
}

static void
what_no_rule_names_is_refused(void)
{
	struct gp_access_rules *rules = read_rules("* /a signed-in\n");
	const struct gp_access_rule *rule;
	struct gp_path_value user_id;

	CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
	CU_ASSERT_EQUAL(
	    gp_access_rules_find(rules, "GET", "/", &rule, &user_id), GP_DENY_RULE_ABSENT);
	CU_ASSERT_EQUAL(
	    gp_access_rules_find(rules, "GET", "/ab", &rule, &user_id), GP_DENY_RULE_ABSENT);
	gp_access_rules_free(rules);
}

static void
knows_what_has_rules_below_it(void)
{
	static const struct {
		const char *path;
		bool below;
	} rows[] = {
		{ "/", true },
		{ "/admin", true },
		{ "/Admin/", true },
		{ "/admin/help", false },
		{ "/home", true },
		{ "/home/u1", false },
		{ "/home/u1/x", false },
		{ "/reports", false },
		{ "/else", false },
		{ "/admi", false },
		{ "/hello.php", false },
	};
	struct gp_access_rules *rules = read_rules(site);

	CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].path);
		CU_ASSERT_EQUAL(gp_access_rules_has_below(rules, rows[i].path), rows[i].below);
	}
	gp_access_rules_free(rules);
}

static void
any_word_of_a_line_lets_in(void)
{
	static const struct {
		const char *who, *user_id, *email, *claims;
		bool in;
	} rows[] = {
		{ "signed-in", "u1", "", "{}", true },
		{ "public", "u1", "", "{}", true },
		{ "user=u1", "u1", "", "{}", true },
		{ "user=u1", "u2", "", "{}", false },
		{ "user=u1", "U1", "", "{}", false },
		{ "user=u1", "u11", "", "{}", false },
		{ "user=a%20b", "a b", "", "{}", true },
		{ "user=u1 user=u2", "u2", "", "{}", true },
		{ "email=ann@example.com", "u1", "ann@example.com", "{\"emailVerified\":true}",
		    true },
		{ "email=ann@example.com", "u1", "Ann@Example.com", "{\"email_verified\":true}",
		    true },
		{ "email=ann@example.com", "u1", "ann@example.com", "{\"emailVerified\":false}",
		    false },
		{ "email=ann@example.com", "u1", "ann@example.com", "{}", false },
		{ "email=ann@example.com", "u1", "ann@example.com", "{\"emailVerified\":\"true\"}",
		    false },
		{ "email=ann@example.com", "u1", "ann@example.com", "{\"emailVerified\":1}",
		    false },
		{ "email=ann@example.com", "u1", "bob@example.com", "{\"emailVerified\":true}",
		    false },
		{ "email-domain=example.com", "u1", "x@example.com", "{\"emailVerified\":true}",
		    true },
		{ "email-domain=Example.com", "u1", "x@EXAMPLE.com", "{\"emailVerified\":true}",
		    true },
		{ "email-domain=example.com", "u1", "x@example.com", "{}", false },
		{ "email-domain=example.com", "u1", "x@example.com.evil",
		    "{\"emailVerified\":true}", false },
		{ "email-domain=example.com", "u1", "x@evilexample.com", "{\"emailVerified\":true}",
		    false },
		{ "email-domain=example.com", "u1", "x@sub.example.com", "{\"emailVerified\":true}",
		    false },
		{ "email-domain=example.com", "u1", "x@evil@example.com",
		    "{\"emailVerified\":true}", false },
		{ "email-domain=example.com", "u1", "", "{\"emailVerified\":true}", false },
		{ "email-domain=example.com", "u1", "@example.com", "{\"emailVerified\":true}",
		    false },
		{ "email-domain=example.com", "u1", " x@example.com", "{\"emailVerified\":true}",
		    false },
		{ "email-domain=example.com", "u1", "example.com", "{\"emailVerified\":true}",
		    false },
		{ "claim:role=admin", "u1", "", "{\"role\":\"admin\"}", true },
		{ "claim:role=admin", "u1", "", "{\"role\":\"Admin\"}", false },
		{ "claim:role=admin", "u1", "", "{\"role\":\"admin,user\"}", false },
		{ "claim:role=admin", "u1", "", "{\"role\":[\"admin\"]}", false },
		{ "claim:role=admin", "u1", "", "{\"role\":{\"admin\":1}}", false },
		{ "claim:role=admin", "u1", "", "{\"role\":\"admin\\u0000x\"}", false },
		{ "claim:role=admin", "u1", "", "{\"Role\":\"admin\"}", false },
		{ "claim:role=admin", "u1", "", "{}", false },
		{ "claim:role=null", "u1", "", "{\"role\":null}", false },
		{ "claim:level=3", "u1", "", "{\"level\":3}", true },
		{ "claim:level=3", "u1", "", "{\"level\":3.0}", false },
		{ "claim:level=3", "u1", "", "{\"level\":\"3\"}", true },
		{ "claim:paid=true", "u1", "", "{\"paid\":true}", true },
		{ "claim:paid=true", "u1", "", "{\"paid\":1}", false },
		{ "claim:team=Blue%20Team", "u1", "", "{\"team\":\"Blue Team\"}", true },
		{ "claim:https://example.com/role=a=b", "u1", "",
		    "{\"https://example.com/role\":\"a=b\"}", true },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char text[200];
		struct gp_access_rules *rules;
		const struct gp_access_rule *rule = NULL;
		struct gp_path_value user_id;
		struct gp_visitor visitor = { rows[i].user_id, rows[i].email,
			json_tokener_parse(rows[i].claims) };

		gp_test_row(
		    "%s: %s %s %s", rows[i].who, rows[i].user_id, rows[i].email, rows[i].claims);
		snprintf(text, sizeof(text), "* / %s\n", rows[i].who);
		rules = read_rules(text);
		CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
		CU_ASSERT_EQUAL_FATAL(
		    gp_access_rules_find(rules, "GET", "/", &rule, &user_id), GP_OK);
		CU_ASSERT_EQUAL(gp_access_rule_lets_in(rule, &visitor), rows[i].in);
		CU_ASSERT_EQUAL(rule->open, strcmp(rows[i].who, "public") == 0);
		json_object_put(visitor.claims);
		gp_access_rules_free(rules);
	}
}

static void
a_file_that_is_wrong_says_where(void)
{
	static const struct {
		const char *text, *complaint;
	} rows[] = {
		{ " ", "has no rules" },
		{ "# nothing\n\n", "has no rules" },
		{ "*\n", "line 1: METHODS PATH WHO; it has no path" },
		{ "* /\n", "line 1: METHODS PATH WHO; it does not say who" },
		{ "* / # signed-in\n", "it does not say who" },
		{ "\n* / everybody\n", "line 2: who may come in is" },
		{ "* / signed-in=x\n", "who may come in is" },
		{ "* / publicly\n", "who may come in is" },
		{ "* / user=\n", "who may come in is" },
		{ "* / claim:role\n", "claim:NAME=VALUE" },
		{ "* / claim:=x\n", "claim:NAME=VALUE" },
		{ "* / claim:role=\n", "claim:NAME=VALUE" },
		{ "* / email=example.com\n", "an address is" },
		{ "* / email-domain=@example.com\n", "an address is" },
		{ "* / user=100%\n", "%25" },
		{ "* / public signed-in\n", "public is everybody" },
		{ "* /home/{user_id} public\n", "nobody can be {user_id}" },
		{ "* /{user_id}/{user_id} signed-in\n", "once" },
		{ "* /{user} signed-in\n", "the only name in braces" },
		{ "* /x{user_id} signed-in\n", "the only name in braces" },
		{ "* /a$ signed-in\n", "only a public path" },
		{ "* a signed-in\n", "begins with one slash" },
		{ "* //a signed-in\n", "begins with one slash" },
		{ "* /a//b signed-in\n", "begins with one slash" },
		{ "* /%ff signed-in\n", "UTF-8" },
		{ "* /a%2 signed-in\n", "percent-encoded" },
		{ "get / signed-in\n", "methods are" },
		{ "GET,* / signed-in\n", "methods are" },
		{ "* /a signed-in\nGET /a/ user=u\n", "line 2: never counts" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].text);
		CU_ASSERT_PTR_NULL(read_rules(rows[i].text));
		gp_test_row("%s: %s", rows[i].text, problem);
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, rows[i].complaint));
	}
}

static void
names_the_claims_it_needs(void)
{
	struct gp_access_rules *rules =
	    read_rules("* / claim:role=a claim:te\"am=b\n* /x claim:role=c user=d\n");

	CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
	CU_ASSERT_STRING_EQUAL(
	    gp_access_rules_claims(rules), "[\"emailVerified\",\"role\",\"te\\\"am\"]");
	gp_access_rules_free(rules);
	gp_access_rules_free(NULL);
}

const struct gp_test gp_tests_access_rules[] = {
	GP_TEST(the_longest_path_decides),
	GP_TEST(what_is_behind_a_script_can_have_a_rule),
	GP_TEST(what_no_rule_names_is_refused),
	GP_TEST(knows_what_has_rules_below_it),
	GP_TEST(any_word_of_a_line_lets_in),
	GP_TEST(a_file_that_is_wrong_says_where),
	GP_TEST(names_the_claims_it_needs),
	{ NULL, NULL },
};
