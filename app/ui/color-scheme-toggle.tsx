import { ActionIcon, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";

/**
 * Switches between light and dark. Both icons are rendered and styles choose one, because the server does not know which scheme
 * the browser has.
 */
export function ColorSchemeToggle() {
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <Tooltip label="Light or dark">
      <ActionIcon aria-label="Switch between light and dark" onClick={toggleColorScheme}>
        <IconMoon size={16} stroke={1.5} className="mantine-dark-hidden" />
        <IconSun size={16} stroke={1.5} className="mantine-light-hidden" />
      </ActionIcon>
    </Tooltip>
  );
}
