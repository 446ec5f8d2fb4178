/** Operators from the command line: `npm run operators -- add EMAIL`. */
import { randomBytes } from "node:crypto";
import { systemActor } from "#app/accounts/actor.ts";
import { addOrResetOperator } from "#app/accounts/operators.server.ts";
import { passwordProblem } from "#app/accounts/password-rules.ts";
import { config } from "#app/config.server.ts";
import { withCommandDatabase } from "#scripts/command-database.ts";
import { runCommand, UsageError } from "#scripts/command-line.ts";

const USAGE = `npm run operators -- add EMAIL

  Adds an operator. One who exists already gets the new password, is signed out everywhere, and may sign in again
  if they were disabled.

  The password is taken from OPERATOR_PASSWORD (at least 8 characters), or made and printed.
`;

await runCommand(USAGE, async ([command, email, ...more]) => {
  if (command !== "add")
    throw new UsageError(command ? `There is no command "${command}".` : "Say what to do.");
  if (!email) throw new UsageError("Say whose e-mail address.");
  if (more.length > 0) throw new UsageError("One e-mail address at a time.");
  await add(email);
});

async function add(email: string): Promise<void> {
  const given = config().OPERATOR_PASSWORD;
  const password = given ?? randomBytes(15).toString("base64url");
  if (given && passwordProblem(given, email))
    process.stderr.write("OPERATOR_PASSWORD is easy to guess. Change it under Settings, Account.\n");
  const { operator, created } = await withCommandDatabase((db) =>
    addOrResetOperator(db, { email, password }, { actor: systemActor("command line") }),
  );
  process.stdout.write(
    created
      ? `Added the operator ${operator.email}.\n`
      : `Gave ${operator.email} a new password and ended their sessions.\n`,
  );
  if (!given) process.stdout.write(`Password: ${password}\n`);
}
