import { AsyncLocalStorage } from "node:async_hooks";

/** Who reads: a person who came to the page, or the page by itself, to stay fresh. */
type Reader = "person" | "page";

const readers = new AsyncLocalStorage<Reader>();

/** Runs what answers a request, so that shared reads know for whom they are. */
export function withReader<T>(reader: Reader, answer: () => T): T {
  return readers.run(reader, answer);
}

/** Whether a page reads by itself; so does whatever nobody has named. */
export const isReadByPage = (): boolean => readers.getStore() !== "person";
