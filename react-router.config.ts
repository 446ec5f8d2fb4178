import type { Config } from "@react-router/dev/config";

export default {
  ssr: true,
  // Some twenty routes: one manifest with the document is smaller than the requests that lazy discovery makes.
  routeDiscovery: { mode: "initial" },
  splitRouteModules: true,
} satisfies Config;
