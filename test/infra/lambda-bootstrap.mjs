// What Lambda's own runtime does with a zip: loads the handler from the task root, asks for one event after the other, and answers.
const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER = "" } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = async (path, body) => await fetch(`${api}/${path}`, { method: "POST", body: JSON.stringify(body) });
const [module, name] = _HANDLER.split(".");
try {
  const handler = (await import(`${LAMBDA_TASK_ROOT}/${module}.mjs`))[name];
  for (;;) {
    const next = await fetch(`${api}/invocation/next`);
    const id = next.headers.get("lambda-runtime-aws-request-id");
    const deadline = Number(next.headers.get("lambda-runtime-deadline-ms"));
    const context = {
      awsRequestId: id,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    try {
      await post(`invocation/${id}/response`, (await handler(await next.json(), context)) ?? null);
    } catch (error) {
      await post(`invocation/${id}/error`, { errorType: error.name, errorMessage: error.message });
    }
  }
} catch (error) {
  await post("init/error", { errorType: error.name, errorMessage: error.message });
  process.exit(1);
}
