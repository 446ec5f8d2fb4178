import type { ColumnType, JSONColumnType } from "kysely";

/** `timestamptz`: a Date out of the database; a Date or an SQL expression in. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>;
export type DefaultTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
export type NullableTimestamp = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;
/** `date`: kept as `YYYY-MM-DD` text (see client.server.ts): a day has no time zone. */
export type Day = ColumnType<string | null, string | null | undefined, string | null>;
/** `bigint` identities stay strings in JavaScript; numbers are accepted where they are safe. */
export type BigIntId = ColumnType<string, string | number, string | number>;
export type GeneratedBigInt = ColumnType<string, never, never>;
export type Json<T> = JSONColumnType<T & object, string, string>;
export type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
