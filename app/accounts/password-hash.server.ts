import { hash, type Options, parseOptions, verify } from "@node-rs/argon2";

/**
 * argon2id with 64 MiB and three passes: about 60 ms here, well over OWASP's floor (ASVS 5.0 appendix C: 46 MiB, one
 * pass). The library's default algorithm is argon2id; its enum is a `const enum`, which type stripping cannot read.
 */
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } satisfies Options;

/** Each hash takes 64 MiB: without a bound, a burst of sign-ins takes the machine's memory. */
const AT_ONCE = 3;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    // The place is handed on rather than freed, so that nobody slips in between.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/**
 * Hashes a password into PHC text, salt and costs included. Normalised first: keyboards disagree on how to compose "é".
 */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize("NFKC"), COST));
}

let decoy: Promise<string> | undefined;

/**
 * Checks a password. With no hash (nobody has that e-mail) it does the same work and says no, so that the time an
 * answer takes does not tell who has an account.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  // Made by whoever is first, known or not: made only for the unknown, the first of them would take twice as long.
  decoy ??= hashPassword(crypto.randomUUID());
  const spare = await decoy;
  const matches = await inTurn(() => verify(passwordHash ?? spare, password.normalize("NFKC")));
  return matches && passwordHash !== undefined;
}

/** Whether a hash was made at other costs than today's; its owner's next sign-in replaces it. */
export function isOutdated(passwordHash: string): boolean {
  const made = parseOptions(passwordHash);
  return (
    made.memoryCost !== COST.memoryCost ||
    made.timeCost !== COST.timeCost ||
    made.parallelism !== COST.parallelism
  );
}
