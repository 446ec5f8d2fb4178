import { hash } from "node:crypto";

/** The key that words are kept by: some quotes are longer than an entry of an index may be. */
export const wordsKey = (words: string): string => hash("sha256", words, "hex");
