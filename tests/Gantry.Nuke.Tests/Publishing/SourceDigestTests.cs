using Gantry.Nuke.Publishing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Publishing;

/// <summary>What was published is used again only when nothing has changed that decides the result.</summary>
public sealed class SourceDigestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public SourceDigestTests()
    {
        foreach (var file in new[] { "src/App/App.csproj", "src/App/Program.cs", "shared/Linked.cs", "src/App/obj/project.assets.json" })
            _folder.Write(file, "one"u8);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("src/App/Program.cs", true)]
    [InlineData("src/App/deep/New.cs", true)]
    [InlineData("src/App/deep/bin/New.cs", true)]
    [InlineData("src/App/obj/project.assets.json", true)]
    [InlineData("shared/Linked.cs", true)]
    [InlineData("src/Directory.Build.props", true)]
    [InlineData("Directory.Packages.props", true)]
    [InlineData("global.json", true)]
    [InlineData("nuget.config", true)]
    [InlineData("src/App/obj/App.dll", false)]
    [InlineData("src/App/bin/App.dll", false)]
    [InlineData("src/App/artifacts/app/App.dll", false)]
    [InlineData("shared/Other.cs", false)]
    [InlineData("src/Other/Other.cs", false)]
    [InlineData("README.md", false)]
    public async Task A_changed_source_counts_and_nothing_else(string file, bool counts)
    {
        var before = await ComputeAsync();

        _folder.Write(file, "two"u8);

        Assert.NotNull(before);
        Assert.Equal(counts, before != await ComputeAsync());
    }

    [Fact]
    public async Task A_renamed_source_counts()
    {
        var before = await ComputeAsync();

        File.Move(_folder.Combine("src/App/Program.cs"), _folder.Combine("src/App/Renamed.cs"));

        Assert.NotEqual(before, await ComputeAsync());
    }

    private Task<string?> ComputeAsync() => SourceDigest.ComputeAsync(
        new ListedSources(
            [_folder.Combine("src", "App")],
            [
                _folder.Combine("src", "App", "Program.cs"), _folder.Combine("src", "App", "obj", "App.dll"),
                _folder.Combine("shared", "Linked.cs"), _folder.Combine("src", "App", "obj", "project.assets.json"),
            ]),
        [_folder.Combine("src", "App", "artifacts")],
        CancellationToken.None);
}
