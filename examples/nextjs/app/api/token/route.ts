// SPDX-License-Identifier: Apache-2.0
// A token of its own for gatepost, signed with the secret that both know (HS256).
import { SignJWT } from "jose";
import { headers } from "next/headers";
import { auth } from "@/lib/auth";

const lifetime_s = 15 * 60; // the shortest that all of gatepost's APIs take; a token cannot be taken back
const never_kept = { "Cache-Control": "no-store" };

export async function GET() {
	// From the database: a session that was ended elsewhere gets no token, whatever the cookie says.
	const session = await auth.api.getSession({ headers: await headers(), query: { disableCookieCache: true } });
	if (!session) return Response.json({ detail: "Authentication required" }, { status: 401, headers: never_kept });

	const { id, email, name } = session.user;
	const now_s = Math.floor(Date.now() / 1000);
	const token = await new SignJWT({ email, name, type: "access" })
		.setProtectedHeader({ alg: "HS256", typ: "JWT" })
		.setSubject(id)
		.setIssuedAt(now_s)
		.setExpirationTime(now_s + lifetime_s)
		.sign(new TextEncoder().encode(process.env.BETTER_AUTH_SECRET));
	return Response.json({ token, expires_in: lifetime_s }, { headers: never_kept });
}
