import type { PageTabs } from "#app/ui/page.tsx";

const tabs = [
  { value: "discovery", label: "Discovery", to: "/discovery" },
  { value: "refresh", label: "Refresh", to: "/discovery/refresh" },
  { value: "lost", label: "Lost at TMDB", to: "/discovery/lost" },
  { value: "backfills", label: "Backfills", to: "/discovery/backfills" },
] as const;

export type DiscoveryTab = (typeof tabs)[number]["value"];

/** The tabs that all pages of discovery share. */
export function discoveryTabs(current: DiscoveryTab): PageTabs {
  return { current, tabs };
}
