// SPDX-License-Identifier: Apache-2.0
// Better Auth's tables as gatepost-migrate makes them: its own names of columns, times with zone. What is
// migrated is gatepost-migrate's affair; this only tells Drizzle what is there.
import { boolean, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const user = pgTable("user", {
	id: text("id").primaryKey(),
	name: text("name").notNull(),
	email: text("email").notNull().unique(),
	emailVerified: boolean("emailVerified").notNull(),
	image: text("image"),
	createdAt: time("createdAt").notNull().defaultNow(),
	updatedAt: time("updatedAt").notNull().defaultNow(),
});

const userId = () => text("userId").notNull().references(() => user.id, { onDelete: "cascade" });

export const session = pgTable("session", {
	id: text("id").primaryKey(),
	expiresAt: time("expiresAt").notNull(),
	token: text("token").notNull().unique(),
	createdAt: time("createdAt").notNull().defaultNow(),
	updatedAt: time("updatedAt").notNull(),
	ipAddress: text("ipAddress"),
	userAgent: text("userAgent"),
	userId: userId(),
});

export const account = pgTable("account", {
	id: text("id").primaryKey(),
	accountId: text("accountId").notNull(),
	providerId: text("providerId").notNull(),
	userId: userId(),
	accessToken: text("accessToken"),
	refreshToken: text("refreshToken"),
	idToken: text("idToken"),
	accessTokenExpiresAt: time("accessTokenExpiresAt"),
	refreshTokenExpiresAt: time("refreshTokenExpiresAt"),
	scope: text("scope"),
	password: text("password"),
	createdAt: time("createdAt").notNull().defaultNow(),
	updatedAt: time("updatedAt").notNull(),
});

export const verification = pgTable("verification", {
	id: text("id").primaryKey(),
	identifier: text("identifier").notNull(),
	value: text("value").notNull(),
	expiresAt: time("expiresAt").notNull(),
	createdAt: time("createdAt").notNull().defaultNow(),
	updatedAt: time("updatedAt").notNull().defaultNow(),
});
