using System.Globalization;
using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;
using Gantry.AzurePipelines.Yaml;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The stages of one environment: those that wait, and the promotion.</summary>
internal static class PromotionStages
{
    /// <summary>The variable with the attempt that published the record of the release.</summary>
    public const string ReleaseAttempt = "ReleaseAttempt";

    /// <summary>The variable with the attempt that published the images, in the run of a build.</summary>
    public const string BuildAttempt = "BuildAttempt";

    /// <summary>Returns the name of the stage that promotes.</summary>
    public static string Name(PromotionEnvironment environment) => "Promote" + environment.Identifier;

    /// <summary>Creates the stages in order; the last one promotes.</summary>
    public static IReadOnlyList<Stage> Create(PipelineDeclaration declaration, PipelineEnvironment environment, PromotionRoute route)
    {
        var target = environment.Environment;
        var stages = new List<Stage>();
        var link = route.First(target);
        if (target.Gates.OfType<SoakGate>().Select(gate => Minutes.Of(gate.Duration)).DefaultIfEmpty().Max() is var wait and > 0
            && wait < JobRules.LongestDelayMinutes)
        {
            var soak = Linked(Soak(environment, wait), route.Soak(target));
            stages.Add(soak);
            link = route.AfterSoak(target, soak.Name);
        }

        if (Validations(environment) is { Jobs.Count: > 0 } validation)
        {
            stages.Add(Linked(validation, link));
            link = route.After(validation.Name);
        }

        stages.Add(Linked(Promotion(declaration, environment, route), link));
        return [.. stages.Select(stage => stage with { When = route.When })];
    }

    private static Stage Linked(Stage stage, Link link) =>
        stage with { DependsOn = link.DependsOn, Condition = link.Condition.ToString() };

    private static Stage Soak(PipelineEnvironment environment, int minutes) => new("Soak" + environment.Environment.Identifier)
    {
        DisplayName = $"Soak before {environment.Environment.DisplayName}",
        Jobs = [Waiting("Wait", minutes)],
        Origin = DeclarationPath.For(environment) + ".Gates",
    };

    /// <summary>Creates a job that waits without an agent.</summary>
    public static Job Waiting(string name, int minutes) => new(name)
    {
        DisplayName = string.Create(CultureInfo.InvariantCulture, $"Wait {TimeSpan.FromMinutes(minutes):d\\.hh\\:mm}"),
        Pool = new ServerPool(),
        TimeoutInMinutes = WithReserve(minutes, JobRules.LongestDelayMinutes),
        Steps =
        [
            new TaskStep("Delay@1")
            {
                IsOfBuild = true,
                Inputs = [BuildSteps.Input("delayForMinutes", minutes.ToString(CultureInfo.InvariantCulture))],
            },
        ],
    };

    // One job for each gate, one after the other, in the order of the declaration.
    private static Stage Validations(PipelineEnvironment environment)
    {
        var jobs = new List<Job>();
        for (var i = 0; i < environment.Environment.Gates.Count; i++)
        {
            if (environment.Environment.Gates[i] is ManualValidationGate gate)
                jobs.Add(Validation(gate, jobs.Count, DeclarationPath.ForGate(environment, i)) with
                {
                    DependsOn = jobs.Count == 0 ? [] : [jobs[^1].Name],
                });
        }

        return new("Validate" + environment.Environment.Identifier)
        {
            DisplayName = $"Validate before {environment.Environment.DisplayName}",
            Jobs = jobs,
            Origin = DeclarationPath.For(environment) + ".Gates",
        };
    }

    private static Job Validation(ManualValidationGate gate, int number, string origin)
    {
        var minutes = Minutes.Of(gate.Timeout);
        List<KeyValuePair<string, Yaml.YamlValue>> inputs =
        [
            BuildSteps.Input("notifyUsers", string.Join(',', gate.Notify)),
            BuildSteps.Input("instructions", gate.Instructions),
            BuildSteps.Input("onTimeout", gate.ResumeOnTimeout ? "resume" : "reject"),
            BuildSteps.Input("allowApproversToApproveTheirOwnRuns", gate.RequesterMayApprove),
        ];
        if (gate.Approvers.Count > 0)
            inputs.Insert(1, BuildSteps.Input("approvers", string.Join(',', gate.Approvers)));
        return new Job("Validate" + (number == 0 ? "" : (number + 1).ToString(CultureInfo.InvariantCulture)))
        {
            DisplayName = "Wait for manual validation",
            Pool = new ServerPool(),
            TimeoutInMinutes = WithReserve(minutes, JobRules.LongestValidationMinutes),
            Steps = [new TaskStep("ManualValidation@1") { IsOfBuild = true, TimeoutInMinutes = minutes, Inputs = inputs }],
            Origin = origin,
        };
    }

    // The timeout of the job must be longer than the time that it waits for.
    private static int WithReserve(int minutes, int longest) => Math.Min(minutes + 60, longest);

    private static Stage Promotion(
        PipelineDeclaration declaration, PipelineEnvironment environment, PromotionRoute route) => new(Name(environment.Environment))
    {
        DisplayName = $"Promote to {environment.Environment.DisplayName}",
        LockBehavior = environment.EffectiveGates.OfType<ExclusiveLockGate>().FirstOrDefault()?.Behavior,
        Variables = [.. environment.VariableGroups.Select(group => new VariableGroup(group))],
        Jobs = [.. PromotionJobs.Create(declaration, environment, route)],
        Origin = DeclarationPath.For(environment),
    };

    /// <summary>Creates the variables of a job with the attempts that published what it downloads.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Attempts(PromotionRoute route)
    {
        var (stage, job) = route.Start;
        yield return RunArtifacts.ReadAttempt(ReleaseAttempt, stage, job);
        if (route is { CarriesImages: true, Build: not null })
            yield return new(BuildAttempt, RunArtifacts.Output(stage, job, FindReleaseStage.BuildAttemptOutput));
    }
}
