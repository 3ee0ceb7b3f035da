using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>Build classes of several common kinds use Gantry's components, and promote the bytes of the release.</summary>
public sealed class ShapeTests
{
    [Theory]
    [InlineData(
        "CompileInherited",
        "Compiled, and then some|--property:Flavour=vanilla",
        "Release",
        "Restore Compile PublishImages BuildImage PushBase PromoteDev")]
    [InlineData("CompileImplemented", "Compiled by the class", "Release", "Compile PublishImages BuildImage PushBase PromoteDev")]
    [InlineData("FromSetup", "Compiled Debug 1.2.0", "Release", "Restore Compile PublishImages BuildImage PushBase PromoteDev")]
    [InlineData("ForeignComponents", "Compiled App.sln 1.2.0", "Release", "Clean Compile PublishImages BuildImage PushBase PromoteDev")]
    [InlineData("OwnPublishAndTest", "Version 1.2.0", "Release", "PublishImages BuildImage PushBase PromoteDev")]
    [InlineData("NukeComponents", "Version 1.2.0", "Release", "Restore Compile PublishImages BuildImage PushBase PromoteDev", "output")]
    [InlineData("PublishExtended", "Version 1.2.0", "Special", "PublishImages BuildImage PushBase PromoteDev")]
    public async Task Targets_of_the_class_run_and_published_files_are_promoted(
        string shape, string said, string configuration, string targets, string artifacts = "artifacts")
    {
        using var repository = await ShapeRepository.CreateAsync(shape);

        var help = await repository.BuildAsync("--help");
        Assert.True(help.ExitCode == 0, help.Output);
        Assert.Equal(help.Targets.Distinct(), help.Targets);
        Assert.Equal(help.Parameters.Distinct(), help.Parameters);
        Assert.Empty(targets.Split(' ').Except(help.Targets));
        Assert.Contains("base-registry", help.Parameters);

        var run = await repository.BuildAsync("PromoteDev");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.All(said.Split('|'), text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        Assert.Equal(targets.Split(' ').Select(target => target + " Succeeded"), run.Summary);
        Assert.StartsWith(
            $"{configuration} 1.2.0+",
            await File.ReadAllTextAsync(repository.PathOf(artifacts + "/app/app.txt")),
            StringComparison.Ordinal);
        Assert.Equal(["1.2.0"], repository.TagsIn("dev"));
    }

    [Fact]
    public async Task A_variable_without_a_declared_parameter_is_ignored()
    {
        using var repository = await ShapeRepository.CreateAsync("OwnPublishAndTest");
        repository.Variables["Configuration"] = "Debug";

        var run = await repository.BuildAsync("PublishImages");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.StartsWith(
            "Release 1.2.0+", await File.ReadAllTextAsync(repository.PathOf("artifacts/app/app.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_shows_the_targets_of_the_class()
    {
        using var repository = await ShapeRepository.CreateAsync("OwnPublishAndTest");

        var plan = await repository.BuildAsync("Publish", "--plan");

        Assert.True(plan.ExitCode == 0, plan.Output);
        Assert.Matches(@"1  PublishImages .*\s+2  BuildImage .*\s+3  PushBase .*\s+4  PromoteDev .*\s+5  Test\s+6  Publish", plan.Output);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }
}
