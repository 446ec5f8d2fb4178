import type { PageTabs } from "#app/ui/page.tsx";

const tabs = [
  { value: "jobs", label: "Jobs", to: "/queue" },
  { value: "failures", label: "Failures", to: "/queue/failures" },
  { value: "pauses", label: "Pauses", to: "/queue/pauses" },
  { value: "actions", label: "Bulk actions", to: "/queue/actions" },
  { value: "workers", label: "Workers", to: "/queue/workers" },
] as const;

export type QueueTab = (typeof tabs)[number]["value"];

/** The tabs that all pages of the queue share: `<Page title="Queue" tabs={queueTabs("failures")}>`. */
export function queueTabs(current: QueueTab): PageTabs {
  return { current, tabs };
}
