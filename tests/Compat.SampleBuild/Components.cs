using Nuke.Common;
using Serilog;

public interface ICompileSample : INukeBuild
{
    Target Compile => _ => _
        .Description("Compiles")
        .Produces(RootDirectory / "artifacts" / "*.dll")
        .Executes(() => Log.Information("compile"));
}

[ParameterPrefix("Publish")]
public interface IPublishSample : INukeBuild
{
    [Parameter("Where to publish to")] string Registry => TryGetValue(() => Registry) ?? "nowhere";
    [Parameter] int Retries => TryGetValue<int?>(() => Retries) ?? 2;

    Target Publish => _ => _
        .Description("Publishes")
        .TryDependsOn<ICompileSample>()
        .TryAfter<INotPartOfTheBuild>(x => x.Other)
        .Consumes<ICompileSample>(x => x.Compile)
        .Executes(() => Log.Information("publish to {Registry}", Registry));
}

public interface INotPartOfTheBuild : INukeBuild
{
    Target Other => _ => _.Executes(() => { });
}
