using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Puts stages of a team's own between the generated ones.</summary>
internal static class OwnStages
{
    /// <summary>Returns the stages of a pipeline with those of the declaration that belong there.</summary>
    public static IReadOnlyList<Stage> Insert(PipelineDeclaration declaration, IReadOnlyList<Stage> generated)
    {
        var stages = generated.ToList();
        foreach (var own in Belonging(declaration, generated))
        {
            var stage = PlainStages.Create(own, DeclarationPath.For(own));
            var start = generated.FirstOrDefault(known => known.Name is PublishStage.Name or FindReleaseStage.Name)?.Name;
            List<Expression> conditions = [Conditions.NotCanceled];
            if (own.After is { } after)
                conditions.Add(Conditions.StageSucceeded(after));
            stage = stage with
            {
                // The outputs of the release can be read where a stage depends on the one that has them.
                DependsOn = own.After is null ? []
                    : OwnSteps.IsSame(own.After, BuildStage.Name) || start is null ? [own.After]
                    : [.. ((string[])[start, own.After]).Distinct(StringComparer.OrdinalIgnoreCase)],
                Condition = stage.Condition is { } more
                    ? $"and({Expression.And(conditions)}, {more})"
                    : Expression.And(conditions).ToString(),
            };
            stages.Insert(PlaceOf(own, stages), stage);
        }

        foreach (var own in Belonging(declaration, generated).Where(own => own.Before is not null))
        {
            var at = stages.FindIndex(stage => OwnSteps.IsSame(stage.Name, own.Before!));
            stages[at] = After(stages[at], own, AloneIn(declaration, generated, own));
        }

        return WithoutMissing(stages);
    }

    /// <summary>Checks that each stage has its place in a pipeline.</summary>
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration, IReadOnlyList<IReadOnlyList<Stage>> pipelines)
    {
        var known = pipelines.SelectMany(stages => stages).Select(stage => stage.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var own in declaration.Stages)
        {
            var path = DeclarationPath.For(own);
            if (known.Contains(own.Name, StringComparer.OrdinalIgnoreCase))
                yield return PipelineErrors.DuplicateName(path, "stage", own.Name, "the pipeline");
            string[] named = [.. ((string?[])[own.After, own.Before]).OfType<string>()];
            if (named.Length == 0)
                yield return DeclarationErrors.StageWithoutPlace(path, own.Name);
            else if (named.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !declaration.Stages.Any(other => OwnSteps.IsSame(other.Name, name))) is { } unknown)
                yield return DeclarationErrors.UnknownNeighbor(path, own.Name, unknown, known);
            else if (!pipelines.Any(stages => Belonging(declaration, stages).Contains(own)))
                yield return DeclarationErrors.NeighborsApart(path, own.Name, named);
        }
    }

    // All that name each other and stages of the pipeline: those that name another one are taken out, until nothing changes.
    private static OwnStage[] Belonging(PipelineDeclaration declaration, IReadOnlyList<Stage> generated)
    {
        OwnStage[] belonging = [.. declaration.Stages];
        while (true)
        {
            HashSet<string> names = new(
                generated.Select(stage => stage.Name).Concat(belonging.Select(own => own.Name)), StringComparer.OrdinalIgnoreCase);
            OwnStage[] next =
                [.. belonging.Where(own => names.Contains(own.After ?? own.Name) && names.Contains(own.Before ?? own.Name))];
            if (next.Length == belonging.Length)
                return next;
            belonging = next;
        }
    }

    private static int PlaceOf(OwnStage own, List<Stage> stages)
    {
        if (own.After is not { } after)
            return Math.Max(0, stages.FindIndex(stage => OwnSteps.IsSame(stage.Name, own.Before!)));
        var at = stages.FindIndex(stage => OwnSteps.IsSame(stage.Name, after)) + 1;
        while (at > 0 && at < stages.Count && stages[at].IsOwn)
            at++;
        return at == 0 ? stages.Count : at;
    }

    private static Stage After(Stage stage, OwnStage own, Expression? alone)
    {
        var succeeded = Conditions.StageSucceeded(own.Name);
        var needed = (alone is null ? succeeded : Expression.Or(alone, succeeded)).ToString();
        return stage with
        {
            DependsOn = [.. stage.DependsOn ?? [], own.Name],
            Condition = stage.Condition is { } condition ? $"and({condition}, {needed})" : $"and({Conditions.NotCanceled}, {needed})",
        };
    }

    // A release pipeline that promotes to one environment alone has none of the stages before it, and nothing of a team's own behind those.
    private static Expression? AloneIn(PipelineDeclaration declaration, IReadOnlyList<Stage> generated, OwnStage own)
    {
        if (Origin(declaration, own) is not { } after || !generated.Any(stage => stage.Name == FindReleaseStage.Name))
            return null;
        var environment = declaration.Environments.Select(declared => declared.Environment).FirstOrDefault(environment =>
            ((string[])["Promote", "Validate", "Soak"]).Any(kind => OwnSteps.IsSame(own.Before!, kind + environment.Identifier)));
        return environment is null
            || OwnSteps.IsSame(after, FindReleaseStage.Name)
            || OwnSteps.IsSame(after, "Validate" + environment.Identifier)
                ? null
                : Expression.And(
                    RunParameters.Is(RunParameters.EnvironmentName, environment.Name),
                    Expression.Call("eq", Expression.ResultOf(own.Name), Expression.Text("Skipped")));
    }

    // The generated stage at the beginning of own stages that follow each other; null for none.
    private static string? Origin(PipelineDeclaration declaration, OwnStage own)
    {
        var after = own.After;
        for (var i = 0; i < declaration.Stages.Count; i++)
        {
            if (declaration.Stages.FirstOrDefault(other => after is not null && OwnSteps.IsSame(other.Name, after)) is not { } before)
                break;
            after = before.After;
        }

        return after;
    }

    // A stage after one that a run does not have is not there either.
    private static List<Stage> WithoutMissing(List<Stage> stages)
    {
        for (var round = 0; round < stages.Count; round++)
        {
            for (var i = 0; i < stages.Count; i++)
            {
                var when = stages.FirstOrDefault(stage =>
                    stage.When is not null && stages[i].DependsOn?.Contains(stage.Name, StringComparer.OrdinalIgnoreCase) == true)?.When;
                if (stages[i] is { IsOwn: true, When: null } && when is not null)
                    stages[i] = stages[i] with { When = when };
            }
        }

        return stages;
    }
}
