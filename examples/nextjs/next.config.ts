// SPDX-License-Identifier: Apache-2.0
import type { NextConfig } from "next";

const config: NextConfig = {
	poweredByHeader: false,
	// Else Next.js takes the lock file of a directory above for the project's.
	turbopack: { root: import.meta.dirname },
};

export default config;
