import {
  type Icon,
  IconCalendarTime,
  IconCompass,
  IconFileImport,
  IconLayoutDashboard,
  IconListCheck,
  IconMovie,
  IconPlugConnected,
  IconQuote,
  IconSettings,
  IconStack2,
  IconTrophy,
} from "@tabler/icons-react";

export interface NavigationItem {
  to: string;
  label: string;
  icon: Icon;
  /** The letter that follows `g`. */
  letter: string;
  /** How many wait for a person; not shown when 0 or absent. */
  count?: number;
}

/** Every page that the navigation leads to, in order. A new one is added here. */
export const NAVIGATION: readonly NavigationItem[] = [
  { to: "/", label: "Overview", icon: IconLayoutDashboard, letter: "o" },
  { to: "/imports", label: "Imports", icon: IconFileImport, letter: "i" },
  { to: "/review", label: "Review", icon: IconListCheck, letter: "r" },
  { to: "/library", label: "Library", icon: IconMovie, letter: "l" },
  { to: "/quotes", label: "Quotes", icon: IconQuote, letter: "t" },
  { to: "/lists", label: "Lists & awards", icon: IconTrophy, letter: "a" },
  { to: "/discovery", label: "Discovery", icon: IconCompass, letter: "d" },
  { to: "/queue", label: "Queue", icon: IconStack2, letter: "q" },
  { to: "/schedules", label: "Schedules", icon: IconCalendarTime, letter: "c" },
  { to: "/upstreams", label: "Upstreams", icon: IconPlugConnected, letter: "u" },
  { to: "/settings", label: "Settings", icon: IconSettings, letter: "s" },
];

/**
 * The navigation with what waits for a person.
 *
 * @param counts by the item's `to`
 */
export function withCounts(counts: Readonly<Record<string, number>>): NavigationItem[] {
  return NAVIGATION.map((item) => ({ ...item, count: counts[item.to] ?? 0 }));
}
