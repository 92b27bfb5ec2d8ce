import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist/web",
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    // Style sheets follow their pages; the budget of the first screen counts them (scripts/build-web.ts).
    cssCodeSplit: true,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      treeshake: {
        // Modules of the screen only define things: a page gets the components it uses, not all that `ui/index.ts` names.
        moduleSideEffects: [{ test: /[\\/]src[\\/](?!web\.tsx).*\.tsx?$/, sideEffects: false }],
      },
      output: {
        // What changes with every release of ours is small; what changes with a library's is kept by browsers for long.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            { name: "routing", test: /node_modules[\\/]@tanstack[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
