import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { MouseEvent, ReactNode } from "react";
import { type Post, usePost } from "#app/ui/use-post.ts";

/** How much a button matters: one `primary` a page, `danger` for what cannot be undone. */
export type ButtonTone = "default" | "primary" | "danger" | "quiet";

/**
 * Mantine's props for a tone.
 */
export function toneProps(tone: ButtonTone): Pick<ButtonProps, "variant" | "color"> {
  if (tone === "primary") return { variant: "filled" };
  if (tone === "danger") return { variant: "filled", color: "red" };
  if (tone === "quiet") return { variant: "subtle", color: "gray" };
  return { variant: "default" };
}

export interface PostButtonProps extends Post {
  children: ReactNode;
  tone?: ButtonTone;
  icon?: ReactNode;
  /** Set when it cannot be used now: the button stays, greyed, and says why. */
  disabledReason?: string | null;
}

/** A button that posts: a real form, so that it works without JavaScript too. Refusals are shown as a notification. */
export function PostButton({
  children,
  tone = "default",
  icon,
  disabledReason,
  action,
  fields,
}: PostButtonProps) {
  const { fetcher, pending } = usePost((answer) => {
    if (answer.error) notifications.show({ message: answer.error.message, color: "red", autoClose: false });
  });
  return (
    <fetcher.Form method="post" action={action}>
      <HiddenFields fields={fields} />
      <ReasonedButton tone={tone} icon={icon} loading={pending} disabledReason={disabledReason}>
        {children}
      </ReasonedButton>
    </fetcher.Form>
  );
}

export function HiddenFields({ fields = {} }: Pick<Post, "fields">) {
  return Object.entries(fields).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
}

export interface ReasonedButtonProps {
  children: ReactNode;
  tone?: ButtonTone;
  icon?: ReactNode;
  loading?: boolean;
  disabledReason?: string | null;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
}

/** A submit button that, when it cannot be used, can still be reached and says why. */
export function ReasonedButton(props: ReasonedButtonProps) {
  const { children, tone = "default", icon, loading = false, disabledReason, onClick } = props;
  if (!disabledReason) {
    return (
      <Button type="submit" {...toneProps(tone)} leftSection={icon} loading={loading} onClick={onClick}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip label={disabledReason}>
      <Button
        type="button"
        {...toneProps(tone)}
        leftSection={icon}
        data-disabled
        aria-disabled
        onClick={(event) => event.preventDefault()}
      >
        {children}
        <span className="visually-hidden">. {disabledReason}</span>
      </Button>
    </Tooltip>
  );
}
