using System.Formats.Tar;
using Gantry.Images.Context;
using Gantry.Images.Tests.Fixtures;

namespace Gantry.Images.Tests;

/// <summary>Layers of folders with a fixed time are the same in every commit.</summary>
public sealed class FixedTimeTests
{
    private const string Dockerfile = """
        FROM scratch
        WORKDIR /app
        COPY artifacts/app/packages /app
        COPY artifacts/app/assemblies /app
        COPY artifacts/app/content /app

        """;

    private static readonly DateTimeOffset s_later = BuildFixture.Date.AddDays(3);

    [Fact]
    public async Task Only_the_layers_with_other_files_or_the_time_of_the_commit_change()
    {
        await using var build = new BuildFixture();
        Fill(build);
        var first = await build.BuildAndReadAsync(WithFixedTime);

        build.Write("artifacts/app/assemblies/Shop.dll", "another line");
        var second = await build.BuildAndReadAsync(request => WithFixedTime(request) with { SourceDate = s_later });

        Assert.Equal([true, true, false, false], DigestsOf(first).Zip(DigestsOf(second), (one, other) => one == other));
        Assert.Equal(
            [
                ("app/", ImageBuildRequest.FixedTime), ("app/Polly.dll", ImageBuildRequest.FixedTime),
                ("app/de/", ImageBuildRequest.FixedTime), ("app/de/Polly.resources.dll", ImageBuildRequest.FixedTime),
            ],
            second.Layers[1].Select(entry => (entry.Name, entry.ModifiedAt)));
        Assert.Equal(
            [
                ("app/", ImageBuildRequest.FixedTime), ("app/wwwroot/", s_later), ("app/wwwroot/app.js", s_later),
            ],
            second.LastLayer.Select(entry => (entry.Name, entry.ModifiedAt)));
    }

    [Fact]
    public async Task A_directory_that_COPY_creates_has_the_fixed_time_as_well()
    {
        await using var build = new BuildFixture();
        Fill(build);
        build.Dockerfile("FROM scratch\nCOPY artifacts/app/packages /srv/app/\n");

        var first = await build.BuildAndReadAsync(WithFixedTime);
        var second = await build.BuildAndReadAsync(request => WithFixedTime(request) with { SourceDate = s_later });

        Assert.Equal(DigestsOf(first), DigestsOf(second));
        Assert.Equal(["srv/", "srv/app/", "srv/app/Polly.dll"], second.LastLayer.Take(3).Select(entry => entry.Name));
    }

    [Fact]
    public async Task A_folder_with_a_longer_name_has_the_time_of_the_commit()
    {
        await using var build = new BuildFixture();
        build.Write("artifacts/app/packages-of-others/a.dll").Dockerfile("FROM scratch\nCOPY artifacts/app/packages-of-others /app/\n");

        var image = await build.BuildAndReadAsync(WithFixedTime);

        Assert.Equal(BuildFixture.Date, image.LastLayer.Single(entry => entry.Name == "app/a.dll").ModifiedAt);
    }

    [Fact]
    public async Task An_engine_gets_the_same_times()
    {
        await using var build = new BuildFixture();
        Fill(build);
        var archive = await BuildContextArchive.OpenAsync(WithFixedTime(build.Request), CancellationToken.None);

        await using var stream = archive.OpenRead(CancellationToken.None);
        await using var tar = new TarReader(stream);
        var times = new Dictionary<string, DateTimeOffset>();
        while (await tar.GetNextEntryAsync() is { } entry)
            times[entry.Name.TrimEnd('/')] = entry.ModificationTime;

        Assert.Equal(ImageBuildRequest.FixedTime, times["artifacts/app/packages"]);
        Assert.Equal(ImageBuildRequest.FixedTime, times["artifacts/app/packages/de/Polly.resources.dll"]);
        Assert.Equal(BuildFixture.Date, times["artifacts/app/content/wwwroot/app.js"]);
        Assert.Equal(BuildFixture.Date, times["artifacts/app"]);
        Assert.Equal(BuildFixture.Date, times["Dockerfile"]);
    }

    private static void Fill(BuildFixture build) => build
        .Write("artifacts/app/packages/Polly.dll", "polly")
        .Write("artifacts/app/packages/de/Polly.resources.dll", "polly, german")
        .Write("artifacts/app/assemblies/Shop.dll", "a line")
        .Write("artifacts/app/content/wwwroot/app.js", "js")
        .Dockerfile(Dockerfile);

    private static ImageBuildRequest WithFixedTime(ImageBuildRequest request) =>
        request with { FixedTimeFolders = ["artifacts/app/frameworks", "artifacts/app/packages/"] };

    private static string[] DigestsOf(ImageContents image) =>
        [.. image.Manifest["layers"]!.AsArray().Select(layer => (string)layer!["digest"]!)];
}
