export {
  type Bundle,
  type BundleText,
  type EvaluateOptions,
  type Evaluation,
  loadBundle,
} from "./bundle.ts";
export { createEngine, type CreateEngineOptions, type EmbeddedEngine } from "./engine.ts";
