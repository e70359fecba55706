import { describe, expect, it } from "vitest";
import { clientText } from "../../lib/notices/client-text.ts";

describe("the client of a call", () => {
  it.each([
    ["aws-cli/2.17.9 md/awscrt#0.20.11 ua/2.0 os/linux#5.10 md/arch#x86_64 cfg/retry-mode#standard", "aws-cli/2.17"],
    ["[aws-cli/1.29.1 Python/3.11]", "aws-cli/1.29"],
    ["Boto3/1.34.162 md/Botocore#1.34.162", "Boto3/1.34"],
    ["APN/1.0 HashiCorp/1.0 Terraform/1.9.2 (+https://www.terraform.io) aws-sdk-go-v2/1.30.3", "Terraform/1.9"],
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "Mozilla/5.0"],
    ["payment-cryptography.amazonaws.com", "payment-cryptography.amazonaws.com"],
    ["x".repeat(5_000), `${"x".repeat(40)}…`],
    ["", ""],
  ])("is %j in short", (userAgent, text) => {
    expect(clientText(userAgent)).toBe(text);
  });
});
