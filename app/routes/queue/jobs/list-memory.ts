import { useEffect, useState } from "react";
import { useLocation } from "react-router";

const KEY = "reeldesk-queue-list";

interface RememberedList {
  /** The address of the list, with its filters. */
  to: string;
  ids: string[];
}

/** Keeps which jobs the list shows, for the way back and on from a job's page. In this tab alone. */
export function useRememberList(jobs: readonly { id: string }[]): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    write({ to: `${pathname}${search}`, ids: jobs.map(({ id }) => id) });
  }, [pathname, search, jobs]);
}

/** The list that the job's page was reached from, once the browser has taken the page over; null before, and where there is none. */
export function useRememberedList(jobId: string): RememberedList | null {
  const [list, setList] = useState<RememberedList | null>(null);
  useEffect(() => {
    const known = read();
    setList(known?.ids.includes(jobId) ? known : null);
  }, [jobId]);
  return list;
}

function write(list: RememberedList): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Storage is switched off in this browser: a job's page then leads back to the first list.
  }
}

function read(): RememberedList | null {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (typeof list !== "object" || list === null || !("to" in list) || !("ids" in list)) return null;
    const { to, ids } = list;
    return typeof to === "string" && Array.isArray(ids) ? { to, ids: ids.map(String) } : null;
  } catch {
    return null;
  }
}
