import { Button, Group, Modal, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorText } from "#app/ui/error-text.tsx";
import { type ButtonTone, HiddenFields, ReasonedButton, toneProps } from "#app/ui/post-button.tsx";
import { useNoShortcuts } from "#app/ui/shortcuts.tsx";
import { type Post, usePost } from "#app/ui/use-post.ts";

export interface ConfirmButtonProps extends Post {
  /** On the button in the page: `Retry 37 failed`. */
  children: ReactNode;
  /** Title of the question: `Retry 37 rows?` */
  title: string;
  /** What will happen, to how many, and whether it can be undone. */
  text: ReactNode;
  /** On the button that does it, with the count: `Retry 37 rows`. */
  confirmLabel: string;
  tone?: ButtonTone;
  /** Tone of the button that does it. */
  confirmTone?: ButtonTone;
  icon?: ReactNode;
  disabledReason?: string | null;
  onDone?: () => void;
}

/**
 * A button that asks first. The question names what will happen and how often; a refusal is shown in it. Without JavaScript the
 * form is sent without asking, so an action must stand up to that.
 */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, title, text, confirmLabel, tone = "default", confirmTone = "primary" } = props;
  const { icon, disabledReason, action, fields, onDone } = props;
  const [asking, setAsking] = useState(false);
  useNoShortcuts(asking);
  const { fetcher, pending, error } = usePost((answer) => {
    if (answer.error) return;
    setAsking(false);
    onDone?.();
  });
  return (
    <>
      <fetcher.Form method="post" action={action}>
        <HiddenFields fields={fields} />
        <ReasonedButton
          tone={tone}
          icon={icon}
          disabledReason={disabledReason}
          onClick={(event) => {
            event.preventDefault();
            setAsking(true);
          }}
        >
          {children}
        </ReasonedButton>
      </fetcher.Form>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={title}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <fetcher.Form method="post" action={action}>
          <HiddenFields fields={fields} />
          <Stack gap="md">
            <div>{text}</div>
            {error ? <ErrorText announce code={error.code} message={error.message} /> : null}
            <Group justify="flex-end" gap="sm">
              <Button onClick={() => setAsking(false)}>Keep as it is</Button>
              <Button type="submit" data-autofocus loading={pending} {...toneProps(confirmTone)}>
                {confirmLabel}
              </Button>
            </Group>
          </Stack>
        </fetcher.Form>
      </Modal>
    </>
  );
}
