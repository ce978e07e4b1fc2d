/** What scripts draw their pictures with; not published. */
export { at, escapeXml } from './svg-parts.ts';
