import type { PageTabs } from "#app/ui/page.tsx";

/** The pages of Review, as tabs. */
export const reviewTabs = (current: "titles" | "aliases" | "mismatches"): PageTabs => ({
  current,
  tabs: [
    { value: "titles", label: "Titles", to: "/review" },
    { value: "aliases", label: "Aliases", to: "/review/aliases" },
    { value: "mismatches", label: "Mismatches", to: "/review/mismatches" },
  ],
});
