using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Reads steps that a team wrote as YAML, into the types that are validated.</summary>
internal static class PlainSteps
{
    // Kinds without a type of their own. 'task' is the general one, so the list needs no more.
    private static readonly string[] OtherKinds = ["powershell", "getPackage", "reviewApp", "downloadBuild", "publish", "download"];

    /// <summary>Returns the steps of a text, or one that says why it cannot be read.</summary>
    public static IReadOnlyList<Step> Read(YamlSteps steps)
    {
        try
        {
            IReadOnlyList<YamlValue> items = YamlReader.Read(steps.Text) is YamlSequence sequence
                ? sequence.Items
                : [YamlReader.Read(steps.Text)];
            return [.. items.Select(item => Overlay(Read(item), steps))];
        }
        catch (YamlSyntaxException exception)
        {
            return [new UnreadableStep(new(exception.Line, exception.Message))];
        }
    }

    /// <summary>Reads a step. Throws <see cref="YamlSyntaxException"/> when it is none.</summary>
    public static Step Read(YamlValue value)
    {
        if (value is not YamlMapping node)
            throw new YamlSyntaxException(0, "a step has no keys");
        var mapping = new PlainMapping(node);
        var step = ReadKind(mapping, mapping.Kind);
        return step with
        {
            Name = mapping.TakeText("name"),
            DisplayName = mapping.TakeText("displayName"),
            Condition = mapping.TakeText("condition"),
            ContinueOnError = mapping.TakeBoolean("continueOnError"),
            TimeoutInMinutes = mapping.TakeNumber("timeoutInMinutes"),
            RetryCountOnTaskFailure = mapping.TakeNumber("retryCountOnTaskFailure"),
            Environment = mapping.TakePairs("env"),
            Rest = mapping.Rest,
        };
    }

    private static Step ReadKind(PlainMapping mapping, string kind)
    {
        switch (kind)
        {
            case "script" or "bash" or "pwsh":
                var shell = Enum.Parse<ScriptShell>(kind, ignoreCase: true);
                return new ScriptStep(shell, mapping.TakeText(kind)!) { WorkingDirectory = mapping.TakeText("workingDirectory") };

            case "task":
                return new TaskStep(mapping.RequireText(kind)) { Inputs = mapping.TakeMapping("inputs")?.Entries ?? [] };

            case "checkout":
                return new CheckoutStep(mapping.RequireText(kind)) { FetchDepth = mapping.TakeNumber("fetchDepth") };

            case "download" when mapping.TakeText(kind) is { } source:
                return new DownloadStep(source) { Artifact = mapping.TakeText("artifact") };

            case "publish" when mapping.Rest.Any(entry => entry.Key == "artifact"):
                return new PublishStep(mapping.RequireText(kind), mapping.RequireText("artifact"));

            case "template":
                return new StepTemplate(mapping.RequireText(kind)) { Parameters = mapping.TakeMapping("parameters") };

            case var other when OtherKinds.Contains(other):
                return new PlainStep(other, mapping.Take(other)!);

            default:
                throw new YamlSyntaxException(0, $"'{kind}' is no kind of step");
        }
    }

    // What the declaration says in C# prevails over the text.
    private static Step Overlay(Step step, YamlSteps declared) => step with
    {
        Name = declared.Name ?? step.Name,
        DisplayName = declared.DisplayName ?? step.DisplayName,
        Condition = declared.Condition ?? step.Condition,
        ContinueOnError = declared.ContinueOnError || step.ContinueOnError,
        TimeoutInMinutes = declared.TimeoutInMinutes ?? step.TimeoutInMinutes,
        RetryCountOnTaskFailure = declared.RetryCountOnTaskFailure ?? step.RetryCountOnTaskFailure,
        Environment = [.. step.Environment, .. declared.Environment],
        Secrets = declared.Secrets,
    };
}
