import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { HydratedRouter } from "react-router/dom";
import { documentNonce } from "#app/ui/style-nonce.tsx";

// Modals lock the page's scroll with a style element of their own; the library that adds it looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: documentNonce() });

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <HydratedRouter />
    </StrictMode>,
  );
});
