/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoints of gatepost-auth.fcgi, for its table of routes. */
#ifndef GP_AUTH_ENDPOINTS_H
#define GP_AUTH_ENDPOINTS_H

#include "auth.h"

/* auth_pages.c */
extern const struct gp_auth_endpoint gp_auth_ok;
extern const struct gp_auth_endpoint gp_auth_error;

/* auth_sign_in.c */
extern const struct gp_auth_endpoint gp_auth_sign_in;
extern const struct gp_auth_endpoint gp_auth_sign_in_for_token;
extern const struct gp_auth_endpoint gp_auth_sign_out;

/* auth_sign_up.c */
extern const struct gp_auth_endpoint gp_auth_sign_up;

/* auth_sessions.c */
extern const struct gp_auth_endpoint gp_auth_get_session;
extern const struct gp_auth_endpoint gp_auth_post_session;
extern const struct gp_auth_endpoint gp_auth_list_sessions;
extern const struct gp_auth_endpoint gp_auth_revoke_session;
extern const struct gp_auth_endpoint gp_auth_revoke_sessions;
extern const struct gp_auth_endpoint gp_auth_revoke_other_sessions;

/* auth_tokens.c */
extern const struct gp_auth_endpoint gp_auth_token;
extern const struct gp_auth_endpoint gp_auth_jwks;

/* auth_user.c */
extern const struct gp_auth_endpoint gp_auth_change_password;
extern const struct gp_auth_endpoint gp_auth_update_user;
extern const struct gp_auth_endpoint gp_auth_delete_user;

/* auth_reset.c */
extern const struct gp_auth_endpoint gp_auth_request_reset;
extern const struct gp_auth_endpoint gp_auth_reset_link;
extern const struct gp_auth_endpoint gp_auth_reset_password;

/* auth_verify.c */
extern const struct gp_auth_endpoint gp_auth_send_verification;
extern const struct gp_auth_endpoint gp_auth_verify_email;

#endif
