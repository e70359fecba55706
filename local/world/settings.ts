import { developmentSettings, type StackSettings } from "../../scripts/deploy/settings.ts";
import { slackSettings } from "../slack/local-workspace.ts";
import { signingKeyArn } from "./signing-key.ts";

/** What the packaged stack has to know of this machine. */
export const localSettings: StackSettings = { ...developmentSettings, ...slackSettings, signingKey: signingKeyArn };
