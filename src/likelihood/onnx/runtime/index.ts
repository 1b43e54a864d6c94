export { openRuntime } from './open-runtime';
export {
  type OpenedRuntime,
  RUNTIME_CHOICES,
  type Runtime,
  type RuntimeChoice,
  type RuntimeName,
  type SessionOptions,
} from './runtime';
