using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Reads a job that a team wrote as YAML, into the type that is validated.</summary>
internal static class PlainJobs
{
    /// <summary>Returns the job with its text read; a job without text as it is.</summary>
    public static Job Read(Job declared)
    {
        if (declared.Plain?.Text is not { } text)
            return declared;
        try
        {
            return YamlReader.Read(text) switch
            {
                YamlMapping node => Overlay(Read(node), declared),
                YamlSequence { Items: [YamlMapping node] } => Overlay(Read(node), declared),
                _ => throw new YamlSyntaxException(0, "it is not one job"),
            };
        }
        catch (YamlSyntaxException exception)
        {
            return declared with { Plain = new() { Error = new(exception.Line, exception.Message) } };
        }
    }

    /// <summary>Reads a job. Throws <see cref="YamlSyntaxException"/> when it is none.</summary>
    public static Job Read(YamlMapping node)
    {
        var mapping = new PlainMapping(node);
        return mapping.Kind switch
        {
            "template" => new("")
            {
                Plain = new() { Template = mapping.RequireText("template"), Parameters = mapping.TakeMapping("parameters") },
            },
            "job" or "deployment" => Read(mapping, mapping.Kind),
            var other => throw new YamlSyntaxException(0, $"'{other}' is no kind of job"),
        };
    }

    /// <summary>Reads a list of variables, or a mapping of names and values.</summary>
    public static IReadOnlyList<VariableEntry> Variables(YamlValue? value) => value switch
    {
        null => [],
        YamlMapping => [.. new PlainMapping(new([new("variables", value)])).TakePairs("variables")
            .Select(pair => new Variable(pair.Key, pair.Value))],
        YamlSequence sequence => [.. sequence.Items.Select(Variable)],
        _ => throw new YamlSyntaxException(0, "'variables' is neither a list nor a mapping"),
    };

    /// <summary>Reads a pool; null when there is none.</summary>
    public static Pool? Pool(YamlValue? value)
    {
        switch (value)
        {
            case null:
                return null;
            case YamlScalar { Text: "server" }:
                return new ServerPool();
            case YamlScalar { Text: var name }:
                return new NamedPool(name);
            case YamlMapping node:
                var mapping = new PlainMapping(node);
                var (pool, image, demands) = (mapping.TakeText("name"), mapping.TakeText("vmImage"), mapping.TakeTexts("demands"));
                return mapping.Rest.Count > 0 || (pool is null && demands is { Count: > 0 }) ? new PlainPool(value)
                    : pool is null ? new HostedPool(image ?? "")
                    : new NamedPool(pool) { Image = image, Demands = demands ?? [] };
            default:
                throw new YamlSyntaxException(0, "'pool' is neither a name nor a mapping");
        }
    }

    private static Job Read(PlainMapping mapping, string kind)
    {
        var name = mapping.RequireText(kind);
        var environment = mapping.Take("environment");
        var (strategy, steps) = (mapping.Take("strategy"), Steps(mapping.Take("steps")));
        var deploy = strategy is YamlMapping { Entries: [("runOnce", YamlMapping { Entries: [("deploy", YamlMapping inner)] })] }
            && inner is { Entries: [("steps", _)] };
        var job = new Job(name)
        {
            DisplayName = mapping.TakeText("displayName"),
            DependsOn = mapping.TakeTexts("dependsOn") ?? [],
            Condition = mapping.TakeText("condition"),
            ContinueOnError = mapping.TakeBoolean("continueOnError"),
            TimeoutInMinutes = mapping.TakeNumber("timeoutInMinutes"),
            CancelTimeoutInMinutes = mapping.TakeNumber("cancelTimeoutInMinutes"),
            Pool = Pool(mapping.Take("pool")),
            Container = mapping.Rest.Any(entry => entry is { Key: "container", Value: YamlScalar }) ? mapping.TakeText("container") : null,
            Services = mapping.TakePairs("services"),
            Environment = kind == "job" ? null : EnvironmentName(environment),
            Steps = deploy ? StepsOf(strategy!) : steps,
        };
        return job with
        {
            Plain = new()
            {
                Variables = Variables(mapping.Take("variables")),
                Environment = environment is YamlMapping ? environment : null,
                Strategy = deploy || kind == "job" ? null : strategy ?? throw new YamlSyntaxException(0, "'strategy' is missing"),
                StrategySteps = deploy || strategy is null ? [] : StepsOf(strategy),
                Rest =
                [
                    .. kind == "job" && strategy is not null
                        ? [new("strategy", strategy)]
                        : Array.Empty<KeyValuePair<string, YamlValue>>(),
                    .. mapping.Rest,
                ],
            },
        };
    }

    private static string EnvironmentName(YamlValue? value) => value switch
    {
        YamlScalar { Text: var name } => name,
        YamlMapping mapping => (mapping["name"] as YamlScalar)?.Text ?? "",
        _ => "",
    };

    private static VariableEntry Variable(YamlValue value)
    {
        var mapping = new PlainMapping(value as YamlMapping ?? throw new YamlSyntaxException(0, "a variable has no keys"));
        return mapping.Kind switch
        {
            "group" => new VariableGroup(mapping.RequireText("group")),
            "template" => new TemplateVariables(mapping.RequireText("template"), mapping.TakeMapping("parameters")),
            _ => new Variable(mapping.RequireText("name"), mapping.TakeText("value") ?? "")
            {
                IsReadOnly = mapping.TakeBoolean("readonly"),
            },
        };
    }

    private static IReadOnlyList<Step> Steps(YamlValue? value) => value switch
    {
        null => [],
        YamlSequence sequence => [.. sequence.Items.Select(PlainSteps.Read)],
        _ => throw new YamlSyntaxException(0, "'steps' is no list"),
    };

    // The steps of every hook, whatever the strategy is.
    private static IReadOnlyList<Step> StepsOf(YamlValue value) => value switch
    {
        YamlMapping mapping =>
            [.. mapping.Entries.SelectMany(entry => entry.Key == "steps" ? Steps(entry.Value) : StepsOf(entry.Value))],
        _ => [],
    };

    // What the declaration says in C# prevails over the text.
    private static Job Overlay(Job job, Job declared) => job with
    {
        DisplayName = declared.DisplayName ?? job.DisplayName,
        DependsOn = declared.DependsOn.Count > 0 ? declared.DependsOn : job.DependsOn,
        Condition = declared.Condition ?? job.Condition,
        ContinueOnError = declared.ContinueOnError || job.ContinueOnError,
        TimeoutInMinutes = declared.TimeoutInMinutes ?? job.TimeoutInMinutes,
        CancelTimeoutInMinutes = declared.CancelTimeoutInMinutes ?? job.CancelTimeoutInMinutes,
        Pool = declared.Pool ?? job.Pool,
        Container = declared.Container ?? job.Container,
        Services = [.. job.Services, .. declared.Services],
        CleanWorkspace = declared.CleanWorkspace ?? job.CleanWorkspace,
        Variables = declared.Variables,
        Steps = [.. job.Steps, .. declared.Steps],
    };
}
