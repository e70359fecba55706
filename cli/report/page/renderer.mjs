// The types are in renderer.d.mts: those of preact would make the names of a browser (`name`, `status`, `document`) known in every file.
export { h } from "preact";
export { renderToString } from "preact-render-to-string";
