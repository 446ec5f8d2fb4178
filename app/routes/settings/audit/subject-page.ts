const PAGES: Readonly<Record<string, (id: string) => string>> = {
  import: (id) => `/imports/${id}`,
  work: (id) => `/library/${id}`,
  record: (id) => `/library/${id}`,
  job: (id) => `/queue/jobs/${id}`,
  bulk_action: (id) => `/queue/actions/${id}`,
  failure_group: (id) => `/queue/failures/${id}`,
  backfill: (id) => `/discovery/backfills/${id}`,
  schedule: () => "/schedules",
  upstream: () => "/upstreams",
  task: () => "/queue/pauses",
  operator: () => "/settings?tab=operators",
  api_key: () => "/settings?tab=api-keys",
};

/** The page of what something was done to, or null where there is none. */
export function subjectPage(subject: string): string | null {
  const at = subject.indexOf(":");
  if (at === -1) return null;
  const kind = subject.slice(0, at);
  const page = Object.hasOwn(PAGES, kind) ? PAGES[kind] : undefined;
  return page?.(encodeURIComponent(subject.slice(at + 1))) ?? null;
}

/** The kind of a subject in words: `bulk action`. */
export function subjectKind(subject: string): string {
  const [kind = subject] = subject.split(":", 1);
  if (kind === "api_key") return "API key";
  return kind.replaceAll("_", " ");
}

/** What names a subject: the part after its kind; long ids are cut. */
export function shortSubject(subject: string): string {
  const id = subject.slice(subject.indexOf(":") + 1);
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) || id.length > 24 ? `${id.slice(0, 8)}…` : id;
}
