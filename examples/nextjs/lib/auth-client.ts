// SPDX-License-Identifier: Apache-2.0
// Better Auth in the page; without an address it asks the server the page came from.
import { createAuthClient } from "better-auth/react";

export const { getSession, signIn, signOut, signUp } = createAuthClient();
