using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The stage that finds the release and fixes its digests for all later stages of the release pipeline.</summary>
internal static class FindReleaseStage
{
    public const string Name = "FindRelease";
    public const string Job = "Find";

    /// <summary>The output with the attempt of the stage that published the release, in the run of a build.</summary>
    public const string BuildAttemptOutput = $"{PublishStage.ReleaseStep}.build_attempt";

    private const string Image = ReleasePipelineFactory.ImageAlias;
    private const string ReleaseVariable = "Release";
    private const string DigestVariable = "ReleaseDigest";
    private const string RecordsVariable = "ReleaseRecords";

    /// <summary>The variables that specify the release for the build.</summary>
    public static IReadOnlyList<string> Variables { get; } = [ReleaseVariable, DigestVariable, RecordsVariable];

    public static Stage Create(PipelineDeclaration declaration, ReleaseTrigger trigger)
    {
        var commands = declaration.Commands;
        var followsBuild = trigger == ReleaseTrigger.BuildCompletion;

        // The records of a build are artifacts of its run; everything else is in the base registry.
        var connection = followsBuild ? null : declaration.BaseRegistry.ServiceConnection;
        var call = BuildSteps.Call(commands, commands.FindReleaseTarget, connection, followsBuild ? [] : commands.PublishSecrets);
        return new(Name)
        {
            DisplayName = "Find the release",
            DependsOn = [],
            Jobs =
            [
                new Job(Job)
                {
                    DisplayName = "Find the release",
                    Pool = declaration.BuildPool,
                    Container = declaration.BuildContainer,
                    Steps = JobLogins.Of(followsBuild ? [] : RegistryUse.OfSearch(declaration)).AddTo(
                    [
                        .. BuildSteps.Prepare(declaration.Tools, fullHistory: false),
                        .. followsBuild ? [DownloadRecords(commands)] : Array.Empty<Step>(),
                        call with
                        {
                            Name = PublishStage.ReleaseStep,
                            DisplayName = commands.FindReleaseTarget,
                            Environment = [.. call.Environment, .. Which(trigger, commands)],
                            NeedsLogin = true,
                        },
                        RunArtifacts.ReportAttempt(commands),
                        BuildSteps.PublishRelease(declaration),
                    ]),
                    Origin = "ReleasePipeline",
                },
            ],
            Origin = "ReleasePipeline",
        };
    }

    private static Step DownloadRecords(BuildCommands commands) => BuildSteps.DownloadFiles(
        "Download the release records of the build",
        RunArtifacts.OfAnyAttempt(RunArtifacts.Release, Path.GetFileName(commands.ReleaseFile)),
        commands.ReleaseRecordsFolder,
        ReleasePipelineFactory.BuildAlias);

    // A value that a person typed reaches the build as an environment variable, because a shell would interpret it on a command line. A
    // release named by a person has no digest to verify against; a pushed image has one. In a run that a person starts without naming a
    // release, the service offers the newest image or build, which the person did not choose: the build then asks for the version.
    private static IEnumerable<KeyValuePair<string, string>> Which(ReleaseTrigger trigger, BuildCommands commands)
    {
        var typed = RunParameters.Typed(RunParameters.ReleaseName);
        var nothing = Expression.Text("");
        var isEmpty = Expression.Call("eq", RunParameters.Value(RunParameters.ReleaseName), nothing);
        var isByHand = Expression.Call("eq", Expression.Variable("Build.Reason"), Expression.Text("Manual"));
        var isOfPerson = Expression.Or(Expression.Call("not", isEmpty), isByHand);
        return trigger switch
        {
            ReleaseTrigger.ImagePush =>
            [
                new(ReleaseVariable, Choose(isOfPerson, typed, Expression.Text($"$(resources.container.{Image}.tag)"))),
                new(DigestVariable, Choose(isOfPerson, nothing, Expression.Text($"$(resources.container.{Image}.digest)"))),
            ],
            ReleaseTrigger.BuildCompletion =>
            [
                new(ReleaseVariable, RunParameters.Template(typed)),
                new(
                    RecordsVariable,
                    Choose(Expression.And(isEmpty, isByHand), nothing, Expression.Text(commands.ReleaseRecordsFolder))),
            ],
            _ => [new(ReleaseVariable, RunParameters.Template(typed))],
        };
    }

    private static string Choose(Expression condition, Expression then, Expression otherwise) =>
        RunParameters.Template(Expression.Call("iif", condition, then, otherwise));
}
