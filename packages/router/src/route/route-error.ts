import { ModelError, type ModelErrorData } from '@loci/core';
import type { Route } from './route.js';

/** The failure of a routed call: the first failure of its models, or the caller's own end of it, with the whole story in `route`. */
export class RouteError extends ModelError {
  declare readonly route: Route;
  readonly #build: () => Route;

  /** @param build Called when the route is first looked at. */
  constructor(error: ModelError, data: Partial<ModelErrorData>, build: () => Route) {
    const full = error.with(data);
    super(full.message, full, full.cause);
    if (error.stack) this.stack = error.stack;
    this.#build = build;
    Object.defineProperty(this, 'route', { enumerable: true, get: build });
  }

  static override isInstance(error: unknown): error is RouteError {
    return ModelError.isInstance(error) && 'route' in error;
  }

  override with(data: Partial<ModelErrorData>): RouteError {
    return copyWith(this, data, this.#build);
  }
}

// Outside the class: a class that names itself is renamed when it is bundled, and stack traces would show it.
function copyWith(error: RouteError, data: Partial<ModelErrorData>, build: () => Route): RouteError {
  return new RouteError(new ModelError(error.message, error, error.cause), data, build);
}
