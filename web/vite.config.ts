import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run web:dev` proxies to a server that runs beside it. */
const server = process.env.GRADEWIRE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // The policy of our pages allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': server, '/webhooks': server, '/openapi.json': server, '/docs': server } },
});
