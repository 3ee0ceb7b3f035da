using Gantry.AzurePipelines.Expressions;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The dependencies of a stage and its condition.</summary>
internal sealed record Link(IReadOnlyList<string> DependsOn, Expression Condition);

/// <summary>
/// The order of promotions in one pipeline. Each stage depends on the one that has the release, whose outputs it reads, and names the
/// results that it needs: <c>succeeded()</c> also holds where a stage before was left out by hand.
/// </summary>
internal abstract class PromotionRoute
{
    /// <summary>The stage with the record of the release, and its job.</summary>
    public abstract (string Stage, string Job) Start { get; }

    /// <summary>The alias of the pipeline whose run has the images as an artifact; null for this run.</summary>
    public abstract string? Build { get; }

    /// <summary>True when the images come as an artifact; otherwise they are in the base registry.</summary>
    public abstract bool CarriesImages { get; }

    /// <summary>The condition, known before the run, without which there are no promotions; null when there always are.</summary>
    public abstract string? When { get; }

    /// <summary>Links the first stage of an environment to what comes before the environment.</summary>
    public abstract Link First(PromotionEnvironment environment);

    /// <summary>Links the first stage of an environment when that stage waits for the soak time.</summary>
    public abstract Link Soak(PromotionEnvironment environment);

    /// <summary>Links a stage to the one that waits for the soak time.</summary>
    public abstract Link AfterSoak(PromotionEnvironment environment, string stage);

    /// <summary>Returns the environment variables that pass to the build what a person chose.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, string>> Variables { get; }

    /// <summary>Links a stage to another stage of the same environment.</summary>
    public Link After(string stage) => Linked([stage], Conditions.StageSucceeded(stage));

    private protected Link Linked(IReadOnlyList<string> stages, params IEnumerable<Expression> conditions) => new(
        [.. stages.Prepend(Start.Stage).Distinct()],
        Expression.And([Conditions.NotCanceled, .. conditions.Prepend(Conditions.StageSucceeded(Start.Stage)).Distinct()]));
}

/// <summary>The order of promotions after a build: up to the chosen environment, each after the one before it.</summary>
internal sealed class BuildRoute(PipelineDeclaration declaration, EnvironmentSet environments) : PromotionRoute
{
    public override (string Stage, string Job) Start => (PublishStage.Name, PublishStage.Job);

    public override string? Build => null;

    public override bool CarriesImages => declaration.Transport != ImageTransport.BaseRegistry;

    public override string? When => Conditions.IsNotPullRequest.ToString();

    public override IReadOnlyList<KeyValuePair<string, string>> Variables => [];

    public override Link First(PromotionEnvironment environment)
    {
        var before = environment.After is { } after ? PromotionStages.Name(after) : Start.Stage;
        List<Expression> conditions = [Conditions.StageSucceeded(before), Conditions.IsPromoted(declaration.Triggers)];
        if (declaration.Triggers.ChooseEnvironment)
        {
            var goals = environments.Where(goal => IsOnTheWay(environment, goal)).Select(goal => goal.Name);
            conditions.Add(RunParameters.Is(RunParameters.PromoteToName, [RunParameters.All, .. goals]));
        }

        return Linked([before], conditions);
    }

    public override Link Soak(PromotionEnvironment environment) => First(environment);

    public override Link AfterSoak(PromotionEnvironment environment, string stage) => After(stage);

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
/// <param name="start">The stage that finds the release, and its job.</param>
/// <param name="build">The alias of the pipeline whose artifacts are promoted; null for none.</param>
/// <param name="isPromoted">The test that the branch of that pipeline's build is promoted; null when all branches are.</param>
internal sealed class ReleaseRoute(
    PipelineDeclaration declaration, (string Stage, string Job) start, string? build, Expression? isPromoted) : PromotionRoute
{
    /// <summary>The variable with the reason for putting an older release over a newer one.</summary>
    public const string GoBack = "GoBack";

    /// <summary>The variable that says whether a person has named the release, which ends a hold.</summary>
    public const string ChosenRelease = "ChosenRelease";

    public override (string Stage, string Job) Start => start;

    public override string? Build => build;

    public override bool CarriesImages => build is not null && declaration.Transport != ImageTransport.BaseRegistry;

    public override string? When => null;

    public override IReadOnlyList<KeyValuePair<string, string>> Variables =>
    [
        new(GoBack, RunParameters.Template(RunParameters.Typed(RunParameters.GoBackName))),

        // What starts a run by itself, and the newest release that the service offers, no person has named.
        new(ChosenRelease, RunParameters.Template(
            Expression.Call("ne", RunParameters.Value(RunParameters.ReleaseName), Expression.Text("")))),
    ];

    public override Link First(PromotionEnvironment environment) => environment.After is { } before
        ? AfterOptional(environment, PromotionStages.Name(before))
        : Linked([], [.. Promoted, IsChosen(environment)]);

    // A release that is promoted to a single environment does not wait in a stage: the promotion itself verifies the soak time.
    public override Link Soak(PromotionEnvironment environment)
    {
        var before = PromotionStages.Name(environment.After!);
        return Linked(
            [before],
            [
                .. Promoted,
                RunParameters.Is(RunParameters.EnvironmentName, RunParameters.All),
                Conditions.StageSucceeded(before),
            ]);
    }

    public override Link AfterSoak(PromotionEnvironment environment, string stage) => AfterOptional(environment, stage);

    private IReadOnlyList<Expression> Promoted => isPromoted is null ? [] : [isPromoted];

    private Link AfterOptional(PromotionEnvironment environment, string stage) => Linked(
        [stage],
        [
            .. Promoted,
            IsChosen(environment),
            Expression.Or(RunParameters.Is(RunParameters.EnvironmentName, environment.Name), Conditions.StageSucceeded(stage)),
        ]);

    private static Expression IsChosen(PromotionEnvironment environment) =>
        RunParameters.Is(RunParameters.EnvironmentName, RunParameters.All, environment.Name);
}
