/** A template, precompiled by the build; `core/print/render.ts` puts values into it. */
declare module "*.hbs" {
  const template: import("./core/print/render.ts").Template;
  export default template;
}
