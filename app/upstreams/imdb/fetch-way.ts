/**
 * How a list or an event is read, chosen by the operator for each list: IMDb's conditions of use do not allow robots, so its pages
 * are asked for only where somebody has said so.
 *
 * - `page`: IMDb's own page; where IMDb refuses it, Tabstack when it is on; else the list waits for an upload
 * - `tabstack`: through Tabstack at once
 * - `upload`: nothing is fetched: a page saved in the browser, or a list's CSV export
 */
export const FETCH_WAYS = ["page", "tabstack", "upload"] as const;
export type FetchWay = (typeof FETCH_WAYS)[number];

export const FETCH_WAY_WORDS: Record<FetchWay, { label: string; explanation: string }> = {
  page: {
    label: "From IMDb",
    explanation:
      "Reads the page at imdb.com when you start an import, and never by itself. IMDb's conditions of use forbid robots without its permission, and IMDb often turns them away; then Tabstack is asked where it is on, else the list waits for an upload.",
  },
  tabstack: {
    label: "Through Tabstack",
    explanation:
      "Asks Tabstack to open the page and say what stands on it. Costs credits of your account; IMDb's conditions hold all the same.",
  },
  upload: {
    label: "By upload",
    explanation:
      "Fetches nothing. Open the page in your browser, save it as an HTML file and upload it here; a list can also be uploaded as the CSV file that IMDb exports.",
  },
};
