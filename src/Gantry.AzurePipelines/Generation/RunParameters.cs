using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The parameters of generated pipelines, which people choose when they start a run by hand.</summary>
internal static class RunParameters
{
    public const string All = "all";
    public const string None = "none";

    /// <summary>The last environment that the build pipeline promotes to.</summary>
    public const string PromoteToName = "promoteTo";

    /// <summary>The environment that the release pipeline promotes to.</summary>
    public const string EnvironmentName = "environment";

    /// <summary>The reason for going back to an older release.</summary>
    public const string GoBackName = "goBack";

    /// <summary>The release that the release pipeline promotes.</summary>
    public const string ReleaseName = "release";

    public static PipelineParameter PromoteTo(IEnumerable<string> environments) => new(PromoteToName, ParameterType.String)
    {
        DisplayName = "Promote up to",
        Default = YamlValue.Of(All),
        Values = [All, .. environments, None],
        Origin = "Triggers.ChooseEnvironment",
    };

    public static PipelineParameter Environment(IEnumerable<string> environments) => new(EnvironmentName, ParameterType.String)
    {
        DisplayName = "Promote only to",
        Default = YamlValue.Of(All),
        Values = [All, .. environments],
        Origin = "ReleasePipeline",
    };

    /// <summary>Asks for the release.</summary>
    /// <param name="starter">What names the release in a run that no person started, as in "the image"; null: a person always does.</param>
    public static PipelineParameter Release(string? starter) => new(ReleaseName, ParameterType.String)
    {
        DisplayName = "Version of the release" + (starter is null ? "" : $"; {starter} that started the run names it itself"),
        Default = starter is null ? null : YamlValue.Of(""),
        Origin = "ReleasePipeline",
    };

    public static PipelineParameter GoBack { get; } = new(GoBackName, ParameterType.String)
    {
        DisplayName = "Reason for going back to this release where a newer one is",
        Default = YamlValue.Of(""),
        Origin = "ReleasePipeline",
    };

    /// <summary>What the rollback pipeline does.</summary>
    public const string ActionName = "action";

    /// <summary>The reason in the rollback pipeline.</summary>
    public const string ReasonName = "reason";

    public const string GoBackAction = "go back";
    public const string HoldAction = "hold";
    public const string ReleaseHoldAction = "end the hold";

    // Each has a default, because the service previews a pipeline without values. The first environment is the least harmful one, and the
    // build asks for the reason.
    public static IReadOnlyList<PipelineParameter> Rollback(IReadOnlyList<string> environments) =>
    [
        new(EnvironmentName, ParameterType.String)
        {
            DisplayName = "Environment",
            Default = YamlValue.Of(environments[0]),
            Values = environments,
            Origin = "Rollbacks",
        },
        new(ActionName, ParameterType.String)
        {
            DisplayName = "What to do",
            Default = YamlValue.Of(GoBackAction),
            Values = [GoBackAction, HoldAction, ReleaseHoldAction],
            Origin = "Rollbacks",
        },
        new(ReleaseName, ParameterType.String)
        {
            DisplayName = "Version to go back to; empty for the release that was there before",
            Default = YamlValue.Of(""),
            Origin = "Rollbacks",
        },
        new(ReasonName, ParameterType.String)
        {
            DisplayName = "Reason, which is recorded",
            Default = YamlValue.Of(""),
            Origin = "Rollbacks",
        },
    ];

    /// <summary>
    /// Reads a text that a person typed. The agent would put the value of a variable or a secret where the person typed <c>$(…)</c>, and
    /// the build would print it, so that is taken apart.
    /// </summary>
    public static Expression Typed(string parameter) =>
        Expression.Call("replace", Value(parameter), Expression.Text("$("), Expression.Text("$ ("));

    /// <summary>Reads a parameter.</summary>
    public static Expression Value(string parameter) => new PropertyExpression(new NamedValueExpression("parameters"), parameter);

    /// <summary>Writes an expression that the service replaces before the run.</summary>
    public static string Template(Expression expression) => $"${{{{ {expression} }}}}";

    /// <summary>
    /// Creates a condition that holds when the parameter has one of the values. Only for parameters with a list of values: others could
    /// contain anything.
    /// </summary>
    public static Expression Is(string parameter, params IReadOnlyList<string> values)
    {
        var chosen = Expression.Text($"${{{{ parameters.{parameter} }}}}");
        return values is [var only] ? Expression.Call("eq", chosen, Expression.Text(only)) : Expression.In(chosen, values);
    }
}
