import type { PageTabs } from "#app/ui/page.tsx";

const tabs = [
  { value: "account", label: "Account", to: "/settings" },
  { value: "api-keys", label: "API keys", to: "/settings?tab=api-keys" },
  { value: "operators", label: "Operators", to: "/settings?tab=operators" },
  { value: "audit", label: "Audit log", to: "/settings/audit" },
] as const;

/** The tabs that all pages of the settings share. */
export function settingsTabs(current: (typeof tabs)[number]["value"]): PageTabs {
  return { current, tabs };
}
