// SPDX-License-Identifier: Apache-2.0
import "server-only";
import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import * as schema from "@/db/schema";

// It connects with the first query, so that the build needs no database.
export const db = drizzle(new Pool({ connectionString: process.env.DATABASE_URL, max: 5 }), { schema });
