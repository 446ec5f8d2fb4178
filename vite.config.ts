import { reactRouter } from "@react-router/dev/vite";
import { defineConfig } from "vite";

export default defineConfig(({ command }) => ({
  plugins: [reactRouter()],
  ssr: {
    // Left external, the icon package makes a server load some 6,000 modules at start-up for the two dozen icons we use.
    // In development the opposite holds: Vite would transform every one of them for the first page.
    noExternal: command === "build" ? ["@tabler/icons-react"] : [],
  },
  optimizeDeps: { include: ["@tabler/icons-react"] },
  build: {
    target: "es2023",
    // Small fonts would become data: URLs, which the content security policy does not let in.
    assetsInlineLimit: 0,
  },
}));
