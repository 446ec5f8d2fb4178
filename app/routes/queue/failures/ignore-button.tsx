import { NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { IGNORE_SPANS } from "#app/routes/queue/failures/ignore-spans.ts";
import { ConfirmButton } from "#app/ui/confirm-button.tsx";
import type { ButtonTone } from "#app/ui/post-button.tsx";

const OTHER = "until";

/** Asks for how long a group is to be ignored, and why. */
export function IgnoreButton({ fingerprint, tone = "default" }: { fingerprint: string; tone?: ButtonTone }) {
  const [span, setSpan] = useState<string>("1d");
  return (
    <ConfirmButton
      fields={{ intent: "ignore", fingerprint }}
      title="Ignore this group?"
      text={
        <Stack gap="sm">
          <span>
            Its failed jobs stay where they are, but count no longer among what needs somebody. Failures are
            counted on.
          </span>
          <NativeSelect
            name="span"
            label="For"
            value={span}
            onChange={(event) => setSpan(event.currentTarget.value)}
            data={[
              ...Object.entries(IGNORE_SPANS).map(([value, { label }]) => ({ value, label })),
              { value: OTHER, label: "Until a date" },
            ]}
          />
          {span === OTHER ? (
            <TextInput name="until" label="Until (UTC)" type="datetime-local" required />
          ) : null}
          <TextInput
            name="reason"
            label="Why"
            description="Shown to everybody who finds it ignored"
            autoComplete="off"
            maxLength={300}
            required
            withAsterisk={false}
          />
        </Stack>
      }
      confirmLabel="Ignore group"
      tone={tone}
    >
      Ignore…
    </ConfirmButton>
  );
}
