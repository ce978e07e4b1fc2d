import { defineConfig } from 'vite';

/** Relative addresses: the build works at the root of a gateway and in any folder of a static server. */
export default defineConfig({
  base: './',
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: '../dist/playground', emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
