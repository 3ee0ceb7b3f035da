using Gantry.AzurePipelines.Expressions;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The dependencies of a stage and its condition; null for the default condition, that all dependencies succeeded.</summary>
internal sealed record Link(IReadOnlyList<string> DependsOn, Expression? Condition);

/// <summary>The order of promotions in one pipeline.</summary>
internal interface IPromotionRoute
{
    /// <summary>The alias of the pipeline whose artifacts are promoted; null for this run.</summary>
    string? Build { get; }

    /// <summary>
    /// True when the images come as an artifact together with the record of the release; otherwise they are in the base registry.
    /// </summary>
    bool CarriesImages { get; }

    /// <summary>Links the first stage of an environment to what comes before the environment.</summary>
    Link First(PromotionEnvironment environment);

    /// <summary>Links the first stage of an environment when that stage waits for the soak time.</summary>
    Link Soak(PromotionEnvironment environment);

    /// <summary>Links a stage to the one that waits for the soak time.</summary>
    Link AfterSoak(PromotionEnvironment environment, string stage);

    /// <summary>Links a stage to another stage of the same environment.</summary>
    Link After(string stage);

    /// <summary>Returns the environment variables that inform the build how the release came to the stage that promotes.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Variables(PromotionEnvironment environment);
}

/// <summary>The order of promotions after a build: up to the chosen environment, each after the one before it.</summary>
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
/// The order of promotions in the release pipeline: to all environments in order, or to a single one independently of the others. The
/// choice, and not the result of a stage, distinguishes a stage that was not chosen from one that was skipped for another reason: a stage
/// whose approval timed out is also Skipped.
/// </summary>
/// <param name="declaration">The declaration.</param>
/// <param name="start">The stage that finds the release in the base registry; null when there is none.</param>
/// <param name="build">The alias of the pipeline whose artifacts are promoted; null for this run.</param>
/// <param name="isPromoted">The test that the branch of that pipeline's build is promoted; null when all branches are.</param>
internal sealed class ReleaseRoute(PipelineDeclaration declaration, string? start, string? build, Expression? isPromoted) : IPromotionRoute
{
    /// <summary>The variable that makes the build check that the release is in the environment before.</summary>
    public const string RequirePrevious = "RequirePrevious";

    public string? Build => build;

    public bool CarriesImages => build is not null && declaration.Transport != ImageTransport.BaseRegistry;

    public Link First(PromotionEnvironment environment) => environment.After is { } before
        ? AfterOptional(environment, PromotionStages.Name(before))
        : new(Start, Expression.And([.. Always, IsChosen(environment)]));

    // A release that is promoted to a single environment does not wait in a stage: the promotion itself verifies the soak time.
    public Link Soak(PromotionEnvironment environment)
    {
        var before = PromotionStages.Name(environment.After!);
        return new(
            [.. Start, before],
            Expression.And(
                [.. Always, RunParameters.Is(RunParameters.EnvironmentName, RunParameters.All), Conditions.StageSucceeded(before)]));
    }

    public Link AfterSoak(PromotionEnvironment environment, string stage) => AfterOptional(environment, stage);

    public Link After(string stage) => new([stage], Expression.And(Conditions.NotCanceled, Conditions.StageSucceeded(stage)));

    // When all environments are promoted in order, the stages ensure that the release is in the environment before. For a single
    // environment, they do not.
    public IReadOnlyList<KeyValuePair<string, string>> Variables(PromotionEnvironment environment)
    {
        if (environment.After is null)
            return [];
        var chosen = new PropertyExpression(new NamedValueExpression("parameters"), RunParameters.EnvironmentName);
        var alone = Expression.Call(
            "iif", Expression.Call("eq", chosen, Expression.Text(RunParameters.All)), Expression.Text("false"), Expression.Text("true"));
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
        Expression.And(
            [
                .. Always,
                IsChosen(environment),
                Expression.Or(RunParameters.Is(RunParameters.EnvironmentName, environment.Name), Conditions.StageSucceeded(stage)),
            ]));

    private static Expression IsChosen(PromotionEnvironment environment) =>
        RunParameters.Is(RunParameters.EnvironmentName, RunParameters.All, environment.Name);
}
