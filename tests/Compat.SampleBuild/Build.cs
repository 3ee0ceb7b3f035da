using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.CI.AzurePipelines;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.Tools.GitVersion;
using Nuke.Common.Utilities.Collections;
using Nuke.Components;
using Serilog;

[Events(Priority = 60)]
[SampleConfiguration]
internal sealed class Build : NukeBuild, ICompileSample, IPublishSample, IHazConfiguration
{
    public static int Main() => Execute<Build>(x => x.Default);

    [Parameter("A text")] readonly string Text;
    [Parameter("A number")] readonly int Number = 1;
    [Parameter("A number or nothing")] readonly int? MaybeNumber;
    [Parameter("A switch")] readonly bool Flag;
    [Parameter("A choice")] readonly DayOfWeek Day = DayOfWeek.Monday;
    [Parameter("A path")] readonly AbsolutePath Folder;
    [Parameter("A list", Separator = ",")] readonly string[] List = [];
    [Parameter("A list of numbers", Separator = "+")] readonly int[] Numbers = [];
    [Parameter("Something that nobody must see")] [Secret] readonly string Token;
    [Parameter("Another name", Name = "GitHubName")] readonly string Renamed;
    [Parameter("Not shown", List = false)] readonly string Hidden;
    [CI] readonly AzurePipelines Azure;

    Target Default => _ => _
        .Description("Does what is done when nothing is asked for")
        .DependsOn<ICompileSample>()
        .Executes(() => Log.Information("default"));

    Target ShowParameters => _ => _
        .Description("Shows all parameters")
        .Executes(() =>
        {
            Show(nameof(Text), Text);
            Show(nameof(Number), Number);
            Show(nameof(MaybeNumber), MaybeNumber);
            Show(nameof(Flag), Flag);
            Show(nameof(Day), Day);
            Show(nameof(Folder), Folder == null ? null : Path.GetRelativePath(RootDirectory, Folder));
            Show(nameof(List), string.Join("|", List));
            Show(nameof(Numbers), string.Join("|", Numbers));
            Show(nameof(Token), Token == null ? null : "set");
            Show(nameof(Renamed), Renamed);
            Show(nameof(Hidden), Hidden);
            Show(nameof(Azure), Azure != null);
            Show(nameof(Configuration), ((IHazConfiguration)this).Configuration);
            Show("Registry", ((IPublishSample)this).Registry);
            Show("Retries", ((IPublishSample)this).Retries);
        });

    Target NeedsText => _ => _.DependsOn(First).Requires(() => Text).Executes(() => Log.Information("text {Text}", Text));
    Target NeedsNumber => _ => _.Requires(() => MaybeNumber).Executes(() => Log.Information("number {Number}", MaybeNumber));
    Target NeedsCondition => _ => _.Requires(() => Number > 5).Executes(() => Log.Information("greater"));

    // A chain of targets and what depends on it.
    Target First => _ => _.Executes(() => Log.Information("first"));
    Target Second => _ => _.DependsOn(First).Executes(() => Log.Information("second"));
    Target Third => _ => _.DependsOn(Second).Executes(() => Log.Information("third"));
    Target Collective => _ => _.DependsOn(First, AfterSecond);
    Target AfterSecond => _ => _.After(Second).Executes(() => Log.Information("after second"));
    Target BeforeFirst => _ => _.Before(First).Executes(() => Log.Information("before first"));
    Target ForThird => _ => _.DependentFor(Third).Unlisted().Executes(() => Log.Information("for third"));

    Target Triggering => _ => _.Triggers(Triggered).Executes(() => Log.Information("triggering"));
    Target Triggered => _ => _.DependsOn(First).Executes(() => Log.Information("triggered"));

    // Conditions.
    Target Static => _ => _.DependsOn(First).OnlyWhenStatic(() => Flag).Executes(() => Log.Information("static"));
    Target StaticButFirst =>
        _ =>
            _.DependsOn(First).WhenSkipped(DependencyBehavior.Execute).OnlyWhenStatic(() => Flag).Executes(() => Log.Information("static"));
    Target Dynamic => _ => _.DependsOn(First).OnlyWhenDynamic(() => Flag && Number > 1).Executes(() => Log.Information("dynamic"));
    Target AfterDynamic => _ => _.DependsOn(Dynamic).Executes(() => Log.Information("after dynamic"));
    Target BrokenCondition => _ => _.OnlyWhenDynamic(() => Fail("condition")).Executes(() => Log.Information("never"));

    // Failures.
    Target Fails => _ => _.DependsOn(First).Executes(() => { Fail("it failed"); });
    Target FailsLater => _ => _.Executes(async () =>
    {
        await Task.Yield();
        Fail("it failed later");
    });
    Target AfterFailure => _ => _.DependsOn(Fails).Executes(() => Log.Information("never"));
    Target CleansUp => _ => _.After(Fails).AssuredAfterFailure().Executes(() => Log.Information("cleans up"));
    Target Proceeds => _ => _.ProceedAfterFailure().Executes(() => { Fail("it proceeds"); });
    Target AfterProceeding => _ => _.After(Proceeds).Executes(() => Log.Information("after proceeding"));
    Target OwnExitCode => _ => _.Executes(() => ExitCode = 3);
    Target Interrupted => _ => _.DependsOn(First).Executes(() =>
    {
        if (!(RootDirectory / "repaired.txt").FileExists())
            Fail("not repaired yet");
    });

    // Messages of targets.
    Target Reports => _ => _.Executes(() => ReportSummary(x => x.AddPair("Digest", "sha256:abc").AddPair("Layers", "3")));
    Target Warns => _ => _.Executes(() => Log.Warning("the {What} is old", "image"));
    Target RunsTool =>
        _ => _.Executes(() => ProcessTasks.StartProcess("dotnet", $"--info {Token:r}", logOutput: false).AssertWaitForExit());
    Target RunsCommand =>
        _ => _.Executes(() =>
            ProcessTasks.StartProcess("bash", "-c \"echo '##vso[build.addbuildtag]tag'; echo '{brace} kept'\"").AssertZeroExitCode());
    Target ShowsVersion => _ => _.Executes(() => Log.Information(
        "version {Version}",
        GitVersionTasks.GitVersion(x =>
            x.SetProcessWorkingDirectory(RootDirectory).EnableNoFetch().DisableProcessOutputLogging()).Result.SemVer));
    Target ShowsBuild => _ => _.DependsOn(First).Executes(() => Log.Information(
        "invoked={Invoked} succeeded={Succeeded} running={Running} server={Server} failing={Failing}",
        Names(InvokedTargets), Names(SucceededTargets), Names(RunningTargets), IsServerBuild, IsFailing));

    protected override void OnBuildFinished() => Log.Information("finished: {Outcome}", IsSucceeding ? "well" : "badly");

    private static string Names(IEnumerable<Nuke.Common.Execution.ExecutableTarget> targets) =>
        string.Join(",", targets.Select(x => x.Name));

    private static void Show(string name, object value) => Log.Information("{Name:l}={Value:l}", name, value?.ToString() ?? "null");

    private static bool Fail(string message) => throw new InvalidOperationException(message);
}
