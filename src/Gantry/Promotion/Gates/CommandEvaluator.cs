using Gantry.Environments;
using Gantry.Processes;

namespace Gantry.Promotion.Gates;

/// <summary>Runs the program of a gate. Only success with one line of output in time holds.</summary>
internal sealed class CommandEvaluator : CheckedEvaluator<CommandGate>
{
    protected override async Task<GateEvaluation> EvaluateAsync(
        CommandGate gate, GateContext context, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(context.Keys.RootFolder);
        var program = new ExternalProgram(Find(gate.Program, folder), VariablesOf(context.Request)) { OutputLimit = Limits.ErrorBytes };
        using var limit = new CancellationTokenSource(gate.TimeLimit, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Conclude(await program.RunAsync(folder, gate.Arguments, $"the gate '{gate.Description}'", both.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return GateEvaluation.DoesNotHold($"it did not end within {Format.Duration(gate.TimeLimit)}");
        }
    }

    private static GateEvaluation Conclude(ProgramResult result)
    {
        var lines = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (result.ExitCode != 0)
        {
            var reason = lines is [.., var last] && string.IsNullOrWhiteSpace(result.Errors) ? last : result.Reason();
            return GateEvaluation.DoesNotHold(Format.Line($"{Format.OneLine(reason)} (code {result.ExitCode})"));
        }

        return lines is [var finding]
            ? GateEvaluation.Holds(Format.Line($"{Format.OneLine(finding)}"))
            : GateEvaluation.DoesNotHold($"it ended with code 0, and wrote {Format.Count(lines.Length, "line")} instead of one");
    }

    // A name without a folder is looked for on the PATH, any other one below the root and not where this process happens to be.
    private static string Find(string program, string folder) =>
        program.AsSpan().ContainsAny('/', '\\') ? Path.GetFullPath(program, folder) : program;

    // A variable cannot hold every character that a release may.
    private static Dictionary<string, string?> VariablesOf(PromotionRequest request)
    {
        var release = request.Release;
        return new Dictionary<string, string?>
        {
            ["GANTRY_RELEASE"] = DisplayText.Neutralize(release.Version),
            ["GANTRY_ENVIRONMENT"] = request.Environment.Name,
            ["GANTRY_COMMIT"] = DisplayText.Neutralize(release.Commit),
            ["GANTRY_BRANCH"] = release.Branch is { } branch ? DisplayText.Neutralize(branch) : null,
            ["GANTRY_DIGESTS"] = string.Join('\n', release.Images.Select(image => $"{image.Name}@{image.Digest}")),
        };
    }
}
