/** An error as the service answers it: the name goes into `__type`. */
export class ApiError extends Error {
  override readonly name: string;
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;

  constructor(name: string, body: Readonly<Record<string, string>>, status = 400) {
    super(body["Message"] ?? name);
    this.name = name;
    this.status = status;
    this.body = body;
  }
}

export const validationError = (message: string) => new ApiError("ValidationException", { Message: message });
export const conflictError = (message: string) => new ApiError("ConflictException", { Message: message });
/** The model gives this error a `ResourceId` and no message. */
export const notFoundError = (resourceId: string) =>
  new ApiError("ResourceNotFoundException", { ResourceId: resourceId });
