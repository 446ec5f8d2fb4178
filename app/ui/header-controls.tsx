import { createContext, type ReactNode } from "react";

/**
 * What the shell puts at the right of every page's meta line. It passes through a context because it stands inside the page's
 * header, while its state (live, signed in as) belongs to the shell.
 */
export const HeaderControlsContext = createContext<ReactNode>(null);
