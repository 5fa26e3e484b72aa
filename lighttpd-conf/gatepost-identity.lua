-- SPDX-License-Identifier: Apache-2.0
--
-- For mod_magnet: tells a proxied service who the caller is, by what gatepost-authorizer.fcgi has found out.
-- A proxied request carries no variables, only fields. gatepost-authorizer.conf shows the use. It runs twice,
-- before the guard is asked, when it clears what a client has sent, and after that.
local r = lighty.r
r.req_header["X-Remote-User"] = r.req_env["REMOTE_USER"] or ""
r.req_header["X-Remote-Email"] = r.req_env["GATEPOST_EMAIL"] or ""
return 0
