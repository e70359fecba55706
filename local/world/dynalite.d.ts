declare module "dynalite" {
  import type { Server } from "node:http";
  /** An HTTP server that speaks the API of DynamoDB; without `path` it keeps everything in memory. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}
