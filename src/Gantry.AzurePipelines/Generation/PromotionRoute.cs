using Gantry.AzurePipelines.Expressions;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>What a stage depends on, and when it runs; no condition: when all that went well.</summary>
internal sealed record Link(IReadOnlyList<string> DependsOn, Expression? Condition);

/// <summary>The way to the environments in one pipeline.</summary>
internal interface IPromotionRoute
{
    /// <summary>The alias of the pipeline whose artifacts are promoted; null: this run's.</summary>
    string? Build { get; }

    /// <summary>Whether the images come with the record of the release, as an artifact; otherwise the base registry has them.</summary>
    bool CarriesImages { get; }

    /// <summary>How the first stage of an environment hangs together with what is before the environment.</summary>
    Link First(PromotionEnvironment environment);

    /// <summary>The same, when the first stage waits for the soak time.</summary>
    Link Soak(PromotionEnvironment environment);

    /// <summary>How a stage follows the one that waited for the soak time.</summary>
    Link AfterSoak(PromotionEnvironment environment, string stage);

    /// <summary>How a stage follows another of the same environment.</summary>
    Link After(string stage);

    /// <summary>What the build is told, through its environment, of how the release came to the stage that promotes.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Variables(PromotionEnvironment environment);
}

/// <summary>After the build: as far as was chosen, each environment after the one before it.</summary>
internal sealed class BuildRoute(PipelineDeclaration declaration, EnvironmentSet environments) : IPromotionRoute
{
    public string? Build => null;

    public bool CarriesImages => declaration.Transport != ImageTransport.BaseRegistry;

    public Link First(PromotionEnvironment environment)
    {
        List<Expression> conditions = [Conditions.Succeeded, Conditions.IsPromoted(declaration.Triggers)];
        if (declaration.Triggers.ChooseEnvironment)
        {
            var goals = environments.Where(goal => IsOnTheWay(environment, goal)).Select(goal => goal.Name);
            conditions.Add(RunParameters.Is(RunParameters.PromoteToName, [RunParameters.All, .. goals]));
        }

        return new([environment.After is { } before ? PromotionStages.Name(before) : BuildStage.Name], Expression.And(conditions));
    }

    public Link Soak(PromotionEnvironment environment) => First(environment);

    public Link AfterSoak(PromotionEnvironment environment, string stage) => After(stage);

    public Link After(string stage) => new([stage], Condition: null);

    public IReadOnlyList<KeyValuePair<string, string>> Variables(PromotionEnvironment environment) => [];

    private bool IsOnTheWay(PromotionEnvironment environment, PromotionEnvironment goal)
    {
        for (PromotionEnvironment? at = goal; at is not null; at = at.After is { } before ? environments.Find(before.Name) : null)
        {
            if (at == environment)
                return true;
        }

        return false;
    }
}

/// <summary>
/// In the release pipeline: to all environments in their order, or to one alone, which then cares about no other. A stage that was left
/// out by choice is told from one that was skipped for another reason by the choice, never by its result: an approval that nobody gave in
/// time ends in Skipped as well.
/// </summary>
/// <param name="declaration">The declaration.</param>
/// <param name="start">The stage that finds the release in the base registry; null: there is none.</param>
/// <param name="build">The alias of the pipeline whose artifacts are promoted; null: this run's.</param>
/// <param name="isPromoted">Whether what that pipeline built is of a branch that is promoted; null: any is.</param>
internal sealed class ReleaseRoute(PipelineDeclaration declaration, string? start, string? build, Expression? isPromoted) : IPromotionRoute
{
    /// <summary>The variable that has the build look whether the release is in the environment before.</summary>
    public const string RequirePrevious = "RequirePrevious";

    public string? Build => build;

    public bool CarriesImages => build is not null && declaration.Transport != ImageTransport.BaseRegistry;

    public Link First(PromotionEnvironment environment) => environment.After is { } before
        ? AfterOptional(environment, PromotionStages.Name(before))
        : new(Start, Expression.And([.. Always, IsChosen(environment)]));

    // A release that is brought to one environment alone waits for nothing: the promotion itself holds against its soak time.
    public Link Soak(PromotionEnvironment environment)
    {
        var before = PromotionStages.Name(environment.After!);
        return new([.. Start, before], Expression.And([.. Always, RunParameters.Is(RunParameters.EnvironmentName, RunParameters.All), Conditions.StageSucceeded(before)]));
    }

    public Link AfterSoak(PromotionEnvironment environment, string stage) => AfterOptional(environment, stage);

    public Link After(string stage) => new([stage], Expression.And(Conditions.NotCanceled, Conditions.StageSucceeded(stage)));

    // With all environments in their order the stages say that the release is in the one before. To one alone nothing does.
    public IReadOnlyList<KeyValuePair<string, string>> Variables(PromotionEnvironment environment)
    {
        if (environment.After is null)
            return [];
        var chosen = new PropertyExpression(new NamedValueExpression("parameters"), RunParameters.EnvironmentName);
        var alone = Expression.Call("iif", Expression.Call("eq", chosen, Expression.Text(RunParameters.All)), Expression.Text("false"), Expression.Text("true"));
        return [new(RequirePrevious, $"${{{{ {alone} }}}}")];
    }

    private IReadOnlyList<string> Start => start is null ? [] : [start];

    private IReadOnlyList<Expression> Always =>
    [
        Conditions.NotCanceled,
        .. start is null ? Array.Empty<Expression>() : [Conditions.StageSucceeded(start)],
        .. isPromoted is null ? Array.Empty<Expression>() : [isPromoted],
    ];

    private Link AfterOptional(PromotionEnvironment environment, string stage) => new(
        [.. Start, stage],
        Expression.And([.. Always, IsChosen(environment), Expression.Or(RunParameters.Is(RunParameters.EnvironmentName, environment.Name), Conditions.StageSucceeded(stage))]));

    private static Expression IsChosen(PromotionEnvironment environment) => RunParameters.Is(RunParameters.EnvironmentName, RunParameters.All, environment.Name);
}
