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

const withMessage = (name: string) => (message: string) => new ApiError(name, { Message: message });

export const validationError = withMessage("ValidationException");
export const conflictError = withMessage("ConflictException");
export const accessDeniedError = withMessage("AccessDeniedException");
export const publicPolicyError = withMessage("PublicPolicyException");
export const throttlingError = () => withMessage("ThrottlingException")("Rate exceeded");
/** The model gives this error a `ResourceId` and no message. */
export const notFoundError = (resourceId: string) =>
  new ApiError("ResourceNotFoundException", { ResourceId: resourceId });
