import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import classes from "#app/routes/queue/pauses/pauses.module.css";
import { ErrorText } from "#app/ui/error-text.tsx";
import { usePost } from "#app/ui/use-post.ts";

interface PauseFormProps {
  choices: readonly { group: string; items: { value: string; label: string }[] }[];
  /** The flag that is chosen at first. */
  chosen: string | null;
}

/** What to pause, and why. */
export function PauseForm({ choices, chosen }: PauseFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const { fetcher, pending, error } = usePost((answer) => {
    if (!answer.error) form.current?.reset();
  });
  // Somebody who came from an import's page wants to say why next.
  useEffect(() => {
    if (chosen !== null) form.current?.querySelector<HTMLInputElement>("input[name=reason]")?.focus();
  }, [chosen]);
  return (
    <>
      {error ? <ErrorText announce code={error.code} message={error.message} /> : null}
      <fetcher.Form method="post" ref={form} className={classes.form}>
        <NativeSelect
          name="flag"
          label="What"
          defaultValue={chosen ?? ""}
          data={[{ value: "", label: "Choose" }, ...choices]}
        />
        <TextInput
          name="reason"
          label="Why"
          placeholder="So that others know when to resume"
          autoComplete="off"
          maxLength={300}
        />
        <Button type="submit" name="intent" value="pause" loading={pending}>
          Pause
        </Button>
      </fetcher.Form>
      <p className={classes.note}>
        No job of it is begun from a second on, and none loses an attempt. What runs now ends as it would.
      </p>
    </>
  );
}
