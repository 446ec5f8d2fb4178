import "@mantine/core/styles.layer.css";
import "@mantine/dropzone/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "#app/ui/theme.css";
import interFont from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type ReactNode, useEffect } from "react";
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError } from "react-router";
import { keepPage } from "#app/middleware/keep-page.ts";
import { rootMiddleware } from "#app/middleware/root-middleware.server.ts";
import { ErrorPage } from "#app/ui/error-page.tsx";
import { useStyleNonce } from "#app/ui/style-nonce.tsx";
import { cssVariables, theme } from "#app/ui/theme.ts";

/** Access, origin and security headers for every URL, resource routes included. */
export const middleware = rootMiddleware;
/** A form that is refused before its action ran keeps its page, and what was typed. */
export const clientMiddleware = [keepPage];

/** The document around every page, errors included: it must not need any loader's data. */
export function Layout({ children }: { children: ReactNode }) {
  const nonce = useStyleNonce();
  useTakenOver();
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        {/* Browsers hide the nonce's value once the document is read, which React would take for a mismatch. */}
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} suppressHydrationWarning />
        <link rel="preload" as="font" type="font/woff2" href={interFont} crossOrigin="anonymous" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        {/* Stylesheets are files of ours and need no nonce; the router's own would not match its client's in development. */}
        <Links nonce="" />
      </head>
      <body>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce ?? ""}
        >
          {children}
          <Notifications position="bottom-right" autoClose={5_000} />
        </MantineProvider>
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

/**
 * Marks the document once its script answers to what is pressed and typed: the outermost effect runs after all others. A page
 * looks finished before that, and nothing in it tells; whoever drives a browser (`e2e/`) waits for this mark.
 */
function useTakenOver(): void {
  useEffect(() => {
    document.documentElement.dataset.takenOver = "true";
  }, []);
}

export default function Root() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return (
    <main>
      <ErrorPage error={useRouteError()} alone />
    </main>
  );
}
