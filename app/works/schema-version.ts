/**
 * Version of what is stored about a work: one behind makes a work due for refresh (T-04). Raise it when `movieFacts` or
 * `storeWork` keep something that they did not keep before.
 *
 * 1: the seed's works_meta · 4 (the seed's own number): gender of people, all stills with their sizes, similar films.
 */
export const SCHEMA_VERSION = 4;
