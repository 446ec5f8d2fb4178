/** What an outcome of calls means, for people. */
const WORDS: Readonly<Record<string, string>> = {
  TIMEOUT: "did not answer in time",
  CONNECTION: "could not be reached",
  BAD_ANSWER: "answer could not be read",
  HTTP_5XX: "internal fault over there",
  RATE_LIMITED: "asked for fewer requests",
  KEY_REFUSED: "refused the key",
  QUOTA_USED_UP: "quota used up",
  CHALLENGED: "took us for a robot",
  REFUSED: "refused the request",
  ABORTED: "broken off by us",
  STALE: "old answer used, the service was away",
  OK: "answered",
  NOT_FOUND: "not known there",
};

/** The code itself where no words are known for it. */
export function outcomeWords(outcome: string): string {
  return WORDS[outcome] ?? outcome;
}
