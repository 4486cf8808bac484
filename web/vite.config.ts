import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { compress } from './tools/compress.ts';

/** Where `npm run dev` finds a server: `FABULIST=http://127.0.0.1:4747`. */
const server = process.env.FABULIST ?? 'http://127.0.0.1:4747';

export default defineConfig({
  plugins: [svelte(), compress()],
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false },
  server: {
    proxy: {
      '/api': {
        target: server,
        changeOrigin: true,
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
  },
});
