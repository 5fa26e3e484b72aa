/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may see what of a guarded site: a file of rules, and the rule that decides about a path.
 *
 *   # methods     path               who: any one of
 *   *             /                  signed-in
 *   GET,HEAD      /assets            public
 *   *             /admin             user=8f3aB2 email=ann@example.com
 *   *             /reports           email-domain=example.com
 *   *             /staff             claim:role=admin
 *   *             /home/{user_id}    signed-in
 *   GET           /hello.php$        public
 *
 * A path holds for what is below it, too, unless it ends in $. The longest one decides, {user_id}
 * after a name; of its lines the first that has the method. What no line lets in is refused.
 * Blanks and percent signs of paths and values are written as in addresses: %20, %25.
 */
#ifndef GP_ACCESS_RULES_H
#define GP_ACCESS_RULES_H

#include <stdbool.h>
#include <stdio.h>

#include "attributes.h"
#include "outcome.h"
#include "route.h"

struct json_object;

struct gp_access_rule {
	const char *methods;      /* ",GET,HEAD,"; NULL: any */
	const char *path;         /* decoded, without a slash at its end; "" for the root */
	bool exact;               /* not for what is below */
	bool open;                /* for everybody: nobody is asked who they are */
	const struct gp_who *who; /* `who_count` of them; any one suffices */
	size_t who_count;
};

struct gp_access_rules;

/* Somebody who is known, as far as rules ask. */
struct gp_visitor {
	const char *user_id;
	const char *email;
	struct json_object *claims; /* of their token, or of their row; an object */
};

/*
 * Read rules.
 *
 *   file      open for reading; not closed
 *   problem   room for one line that names the line of the file and what to change
 *
 * Returns the rules, owned by the caller; NULL when any line is wrong, when there is none, or
 * without memory.
 */
GP_MUST_USE struct gp_access_rules *gp_access_rules_read(
    FILE *file, char *problem, size_t problem_size);

/* Release. NULL is fine. */
void gp_access_rules_free(struct gp_access_rules *rules);

/* The names of claims that rules ask for, as a JSON array. Borrowed from the rules. */
const char *gp_access_rules_claims(const struct gp_access_rules *rules);

/*
 * Find the rule for a path.
 *
 *   method    as the web server names it; methods differ by case (RFC 9110 section 9.1)
 *   path      as gp_guarded_path() makes it
 *   rule      borrowed from the rules
 *   user_id   what stands in the path for {user_id}, pointing into it; `text` NULL for nothing
 *
 * Returns GP_OK; GP_DENY_RULE_ABSENT, GP_DENY_RULE_METHOD; or
 * GP_DENY_RULE_LOOKALIKE for a path that some file system or application takes for one with a rule
 * of its own: written with other capitals or forms of a letter, with a ;parameter or an encoded ?
 * or #, with dots or blanks at the end of a name, or behind a script that looks at what follows its
 * name (PATH_INFO, RFC 3875 section 4.1.5).
 */
GP_MUST_USE enum gp_outcome gp_access_rules_find(const struct gp_access_rules *rules,
    const char *method, const char *path, const struct gp_access_rule **rule,
    struct gp_path_value *user_id);

/*
 * Whether some of what is below a path has a rule of its own; what is done to all of it at once
 * would be done there, too.
 */
GP_MUST_USE bool gp_access_rules_has_below(const struct gp_access_rules *rules, const char *path);

/*
 * Whether a rule lets somebody in. An e-mail address counts when it is verified (a claim
 * emailVerified or email_verified that is true), for anybody can sign up with any; it and its
 * domain are compared without regard to capitals. A claim equals a value that is its string, or
 * how JSON writes its number or boolean; lists and objects equal nothing.
 */
GP_MUST_USE bool gp_access_rule_lets_in(
    const struct gp_access_rule *rule, const struct gp_visitor *visitor);

#endif
