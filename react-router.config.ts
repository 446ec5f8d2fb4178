import type { Config } from "@react-router/dev/config";

export default {
  ssr: true,
  // Some twenty routes: one manifest with the document is smaller than the requests that lazy discovery makes.
  routeDiscovery: { mode: "initial" },
  splitRouteModules: true,
  // Our own check (app/middleware/check-origin.server.ts) covers every mutation, resource routes too, and knows the public
  // address. React Router's runs before it, on pages only, and answers a bare 400.
  allowedActionOrigins: ["**"],
} satisfies Config;
