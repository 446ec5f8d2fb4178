/** Who does something: a signed-in operator, a machine by its key, or the product itself. */
export type Actor =
  | { readonly type: "operator"; readonly id: string; readonly name: string }
  | { readonly type: "api_key"; readonly id: string; readonly name: string }
  | { readonly type: "system"; readonly id: null; readonly name: string };

/** The product itself: first-run set-up, scripts, schedules. `name` says which part. */
export function systemActor(name: string): Actor {
  return { type: "system", id: null, name };
}
