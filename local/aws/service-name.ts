/** The services behind the one endpoint. */
export type ServiceName =
  | "control-plane"
  | "store"
  | "bus"
  | "queue"
  | "secrets"
  | "history"
  | "topic"
  | "sts"
  | "api"
  | "lambda"
  | "archive"
  | "signing";
