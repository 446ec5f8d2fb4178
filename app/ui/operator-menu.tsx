import { ActionIcon, Menu } from "@mantine/core";
import { IconLogout, IconUser } from "@tabler/icons-react";
import { useRef } from "react";
import { Form } from "react-router";

export interface OperatorMenuProps {
  email: string;
  /** The action that ends the session. */
  signOutAction: string;
}

/** Who is signed in, and the way out. */
export function OperatorMenu({ email, signOutAction }: OperatorMenuProps) {
  const form = useRef<HTMLFormElement>(null);
  return (
    <>
      {/* Outside the menu, which is taken off the page by the very click that should send the form. */}
      <Form ref={form} method="post" action={signOutAction} hidden />
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`Signed in as ${email}`}>
            <IconUser size={16} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{email}</Menu.Label>
          <Menu.Item
            leftSection={<IconLogout size={16} stroke={1.5} />}
            onClick={() => form.current?.requestSubmit()}
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
