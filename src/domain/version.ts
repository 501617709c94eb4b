/** The version of the package, the one place it is written. */
export { version } from "../../package.json";
