using System.Globalization;
using Gantry.Environments;
using Gantry.Http;
using Gantry.Processes;

namespace Gantry.Deployments.Kubernetes;

/// <summary>The kubectl program.</summary>
internal sealed class Kubectl
{
    // Failures that may succeed when retried.
    private static readonly string[] Passing =
    [
        "connection refused", "was refused", "connection reset", "i/o timeout", "TLS handshake timeout", "unexpected EOF",
        "Too Many Requests", "ServiceUnavailable", "InternalError",
        "the object has been modified", "etcdserver:", "net/http: request canceled",
    ];

    private static readonly string[] Denials = ["Forbidden", "Unauthorized", "must be logged in"];

    private readonly ExternalProgram _program;
    private readonly Retry _retry;

    public Kubectl(TimeProvider time, string program, Action<string>? log)
    {
        _program = new ExternalProgram(program, new Dictionary<string, string?> { ["LC_ALL"] = "C" });
        _retry = new Retry(new HttpRetryOptions { Attempts = 3, Delay = TimeSpan.FromSeconds(1) }, time, log);
    }

    /// <summary>Runs kubectl for a workload and returns its output; throws <c>GAN4079</c>, <c>GAN4090</c> to <c>GAN4092</c>.</summary>
    public async Task<string> RunAsync(
        KubectlDeployment workload, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        string[] all = ["--context", workload.Context, "--namespace", workload.Namespace, "--request-timeout", "30s", .. arguments];
        return await RunAsync(workload, all, result => ToError(workload, result), cancellationToken);
    }

    /// <summary>Waits until the rollout of a workload is complete; throws <c>GAN4094</c> when it takes too long.</summary>
    public async Task WaitForRolloutAsync(KubectlDeployment workload, CancellationToken cancellationToken)
    {
        var timeout = string.Create(CultureInfo.InvariantCulture, $"{workload.Timeout.TotalSeconds:0}s");
        string[] all =
        [
            "--context", workload.Context, "--namespace", workload.Namespace, "rollout", "status", workload.Resource, "--timeout", timeout,
        ];
        await RunAsync(
            workload,
            all,
            result => Says(result, "timed out waiting", "exceeded its progress deadline")
                ? DeploymentErrors.RolloutNotFinished(workload.Description, workload.Timeout, result.Reason("error:"))
                : ToError(workload, result),
            cancellationToken);
    }

    private Task<string> RunAsync(
        KubectlDeployment workload, IEnumerable<string> arguments, Func<ProgramResult, GantryException> failed,
        CancellationToken cancellationToken) => _retry.ExecuteAsync(
        async token =>
        {
            var result = await _program.RunAsync(Environment.CurrentDirectory, arguments, workload.Description, token);
            if (result.ExitCode == 0)
                return result.Output;
            throw Says(result, Passing) ? new TransientException(FailureKind.Broken, failed(result)) : failed(result);
        },
        cancellationToken);

    private static GantryException ToError(KubectlDeployment workload, ProgramResult result)
    {
        var reason = result.Reason("Error from server", "error:");
        return Says(result, Denials) ? DeploymentErrors.KubectlDenied(workload.Description, reason)
            : Says(result, "(NotFound)") ? DeploymentErrors.WorkloadNotFound(workload.Description, reason)
            : DeploymentErrors.KubectlFailed(workload.Description, reason);
    }

    private static bool Says(ProgramResult result, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (result.Errors.Contains(text, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
