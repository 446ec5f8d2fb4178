import { z } from "zod";

/** Fields of queries and forms: text on the wire, checked and read as what it stands for. */

const YES = ["true", "1", "on", "yes"];
const NO = ["false", "0", "off", "no"];

/** `true` and `false` in the spellings that forms send. */
export const flag = (fallback: boolean) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => value === "" || YES.includes(value) || NO.includes(value), "is not true or false")
    .transform((value) => (value === "" ? fallback : YES.includes(value)))
    .pipe(z.boolean())
    .prefault(String(fallback))
    .meta({ default: fallback });

/** A whole number within bounds. */
export const whole = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `is not a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(
      z
        .int(`is not a whole number from ${min} to ${max}`)
        .min(min, `is less than ${min}`)
        .max(max, `is more than ${max}`),
    )
    .prefault(String(fallback))
    .meta({ default: fallback });

/** One of these words; the refusal lists them. */
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `is none of ${values.join(", ")}` });
