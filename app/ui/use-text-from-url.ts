import { useState } from "react";

/**
 * For a field whose text is part of the URL. The URL's text replaces the field's when something else changed it (back, a link, clear
 * filters), not when the field's own text arrives there: by then the operator may have typed on, and would lose it together with
 * the cursor.
 *
 * @param inUrl the text that the URL has now
 * @returns `key` for the field, which begins anew with `inUrl` under another key; and `sent`, to be told the text that the field
 *   sends on its way to the URL
 */
export function useTextFromUrl(inUrl: string): { key: number; sent: (text: string) => void } {
  const [seen, setSeen] = useState(inUrl);
  const [own, setOwn] = useState(inUrl);
  const [key, setKey] = useState(0);
  if (inUrl !== seen) {
    setSeen(inUrl);
    if (inUrl !== own) {
      setOwn(inUrl);
      setKey(key + 1);
    }
  }
  return { key, sent: setOwn };
}
