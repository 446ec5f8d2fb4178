import { Button, TextInput } from "@mantine/core";
import { useRef } from "react";
import { Form, useLocation, useNavigation } from "react-router";
import { CandidateList } from "#app/routes/review/candidate-list.tsx";
import type { ReviewData } from "#app/routes/review/load-review.server.ts";
import classes from "#app/routes/review/review.module.css";
import { formatQuantity } from "#app/ui/format.ts";
import { Kbd } from "#app/ui/kbd.tsx";
import { useShortcut } from "#app/ui/shortcuts.tsx";

interface IdFormProps {
  openKey: string;
  lookUp: ReviewData["lookUp"];
  onPick: (title: { mediaType: "movie" | "tv"; tmdbId: number }) => void;
  disabled: boolean;
}

/** An id is entered, looked up and shown; only then can it be taken. `i` leads here. */
export function IdForm({ openKey, lookUp, onPick, disabled }: IdFormProps) {
  const input = useRef<HTMLInputElement>(null);
  const { search } = useLocation();
  const cursor = new URLSearchParams(search).get("cursor");
  const isLookingUp = useNavigation().formMethod === "GET";
  useShortcut({ keys: "i", label: "Enter an id", run: () => input.current?.focus() });
  return (
    <div className={classes.idForm}>
      <Form method="get" preventScrollReset>
        <input type="hidden" name="title" value={openKey} />
        {cursor === null ? null : <input type="hidden" name="cursor" value={cursor} />}
        <TextInput
          ref={input}
          name="id"
          label="Another title, by its id"
          rightSection={<Kbd keys="i" />}
          placeholder="603, tt0133093 or the address of its page at TMDB or IMDb"
          defaultValue={lookUp?.asked ?? ""}
          error={lookUp?.problem}
          maxLength={500}
          autoComplete="off"
          required
          withAsterisk={false}
        />
        <Button type="submit" variant="default" loading={isLookingUp}>
          Look up
        </Button>
      </Form>
      {lookUp && lookUp.found.length > 0 ? (
        <section aria-label="Found by its id" aria-live="polite">
          {lookUp.found.length > 1 ? (
            <p className={classes.hint}>
              This id stands for {formatQuantity(lookUp.found.length, "title")}. Take the one that is meant.
            </p>
          ) : null}
          <CandidateList
            candidates={lookUp.found}
            details={Object.fromEntries(lookUp.found.map((one) => [`${one.mediaType}:${one.tmdbId}`, one]))}
            onPick={onPick}
            disabled={disabled}
            keyed={false}
          />
        </section>
      ) : null}
    </div>
  );
}
