import { type RawBuilder, sql } from "kysely";

/** An expression that has another value whenever a circuit opened or closed. */
export function circuitsVersion(): RawBuilder<string> {
  return sql<string>`(select string_agg(concat_ws(':', service, state, opened_at), ' ' order by service) from upstream_circuits)`;
}
