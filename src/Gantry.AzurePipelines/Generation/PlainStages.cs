using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Makes stages of a team's own, from their properties or from YAML.</summary>
internal static class PlainStages
{
    /// <summary>Creates the stage, without its place among the others.</summary>
    public static Stage Create(OwnStage own, string path)
    {
        var stage = new Stage(own.Name) { Origin = path, IsOwn = true };
        try
        {
            if (own.Text is { } text)
                stage = Read(stage, YamlReader.Read(text));
        }
        catch (YamlSyntaxException exception)
        {
            return stage with { Error = new(exception.Line, exception.Message) };
        }

        return stage with
        {
            DisplayName = own.DisplayName ?? stage.DisplayName,
            Condition = own.Condition ?? stage.Condition,
            Pool = own.Pool ?? stage.Pool,
            Variables =
            [
                .. stage.Variables.Select(variable => variable with { Origin = path }),
                .. own.VariableGroups.Select(group => new VariableGroup(group) { Origin = path + ".VariableGroups" }),
                .. own.Variables.Select(variable => new Variable(variable.Key, variable.Value) { Origin = path + ".Variables" }),
            ],
            Jobs =
            [
                .. stage.Jobs.Select(job => job with { Origin = path }),
                .. own.Jobs.Select((job, i) => OwnSteps.Located(job, $"{path}.Jobs[{i}]")),
            ],
        };
    }

    private static Stage Read(Stage stage, YamlValue value)
    {
        var mapping = new PlainMapping(value switch
        {
            YamlMapping node => node,
            YamlSequence { Items: [YamlMapping node] } => node,
            _ => throw new YamlSyntaxException(0, "it is not one stage"),
        });
        if (mapping.Kind != "stage")
            throw new YamlSyntaxException(0, $"'{mapping.Kind}' is no stage");
        if (mapping.RequireText("stage") is var name && name != stage.Name)
            throw new YamlSyntaxException(0, $"it is the stage '{name}' and not '{stage.Name}'");
        if (mapping.Take("dependsOn") is not null)
            throw new YamlSyntaxException(0, "it has 'dependsOn', in place of which After and Before say where it is");
        return stage with
        {
            DisplayName = mapping.TakeText("displayName"),
            Condition = mapping.TakeText("condition"),
            IsSkippable = mapping.TakeText("isSkippable") switch { null => null, var text => text != "false" },
            LockBehavior = mapping.TakeText("lockBehavior") switch
            {
                null => null,
                "sequential" => LockBehavior.Sequential,
                "runLatest" => LockBehavior.RunLatest,
                var other => throw new YamlSyntaxException(0, $"'{other}' is no lockBehavior"),
            },
            StartedByHand = mapping.TakeText("trigger") == "manual",
            Pool = PlainJobs.Pool(mapping.Take("pool")),
            Variables = PlainJobs.Variables(mapping.Take("variables")),
            Jobs = mapping.Take("jobs") switch
            {
                null => [],
                YamlSequence jobs => [.. jobs.Items.Select(job => PlainJobs.Read(
                    job as YamlMapping ?? throw new YamlSyntaxException(0, "a job has no keys")))],
                _ => throw new YamlSyntaxException(0, "'jobs' is no list"),
            },
            Rest = mapping.Rest,
        };
    }
}
