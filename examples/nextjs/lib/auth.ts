// SPDX-License-Identifier: Apache-2.0
// Better Auth, in the server only: its secret and its database are never a page's.
import "server-only";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { nextCookies } from "better-auth/next-js";
import * as schema from "@/db/schema";
import { db } from "@/lib/db";

export const auth = betterAuth({
	database: drizzleAdapter(db, { provider: "pg", schema }),
	emailAndPassword: { enabled: true, requireEmailVerification: false },
	session: {
		expiresIn: 60 * 60 * 24 * 7, // seven days
		updateAge: 60 * 60 * 24, // refreshed once a day
		cookieCache: { enabled: true, maxAge: 60 * 5 }, // five minutes in which the database is not asked
	},
	secret: process.env.BETTER_AUTH_SECRET,
	baseURL: process.env.BETTER_AUTH_URL, // with https the cookies are secure
	// It takes any token that is signed with the secret and has an e-mail address for the link in a mail,
	// also those of app/api/token. Here no mail is sent.
	disabledPaths: ["/verify-email"],
	plugins: [nextCookies()], // the last one, so that it sees the cookies of all others
});
