import type { PageTabs } from "#app/ui/page.tsx";

const tabs = [
  { value: "lists", label: "Lists", to: "/lists" },
  { value: "events", label: "Events", to: "/lists/events" },
] as const;

/** The tabs that the pages of lists and of events share. */
export function listsTabs(current: (typeof tabs)[number]["value"]): PageTabs {
  return { current, tabs };
}
